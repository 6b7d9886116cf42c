import BuiltTool
import Foundation

/// The documents of the package, and what stands in their fences.
enum Documents {
    /// A piece of a document between two fences.
    struct Block {
        var document: String
        /// In lines from 1: the first one inside.
        var line: Int
        /// "sh" is run as it stands, "console" needs more than a test has.
        var language: String
        var lines: [String]
    }

    /// README.md and everything in docs, by their paths.
    static func all() throws -> [String] {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: Tool.root + "/docs")
        return ["README.md", "python/README.md", "Models/README.md"].filter {
            FileManager.default.fileExists(atPath: "\(Tool.root)/\($0)")
        } + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }

    static func blocks(_ document: String) throws -> [Block] {
        let text = try String(contentsOfFile: "\(Tool.root)/\(document)", encoding: .utf8)
        var blocks: [Block] = []
        var open: Block?
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open { blocks.append(block) }
                open =
                    open == nil
                    ? Block(document: document, line: place + 2, language: String(line.dropFirst(3)), lines: []) : nil
            } else {
                open?.lines.append(String(line))
            }
        }
        return blocks
    }
}
