import BuiltTool
import Foundation
import Testing

/// The examples run, and print what their sources promise.
@Suite struct ExamplesTests {
    /// The lines that an example prints of the sample corpus, on a machine without models.
    private func lines(_ name: String) throws -> [String] {
        let process = Process()
        process.executableURL = try #require(Tool.product(name) as URL?, "\(name) is not beside the test bundle")
        process.arguments = [Tool.sample]
        process.environment = ProcessInfo.processInfo.environment
            .merging(["GENRET_MODELS": "/nowhere"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("Indexes and searches") func indexAndSearch() throws {
        let lines = try lines("IndexAndSearch")
        #expect(lines.count == 6 && lines[0].hasSuffix(" passages"))
        #expect(lines[1].hasPrefix("1. ") && lines[1].lowercased().contains("starter"))
    }

    @Test("A retriever of one's own is fused with the others") func retriever() throws {
        let lines = try lines("CustomRetriever")
        try #require(lines.count == 5)
        // The best has a word of the query in its title.
        #expect(lines[0].contains("starter") && !lines[0].contains("title 0.000"))
        #expect(lines.allSatisfy { $0.contains("bm25 ") && $0.contains("ngram ") && $0.contains("title ") })
    }

    @Test("A reranker of one's own reranks") func reranker() throws {
        let lines = try lines("CustomReranker")
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.hasSuffix(" words of the query in a row)") })
        #expect(lines[0].contains("(4 words"))
    }
}
