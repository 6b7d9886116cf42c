import BuiltTool
import Foundation
import TestSupport
import Testing

/// Files that are whole, but of another index.
@Suite struct SwappedFileTests {
    private let folder: TemporaryFolder
    private let own: String
    private let other: String

    init() throws {
        folder = try TemporaryFolder()
        (own, other) = (folder.path("own.genret"), folder.path("other.genret"))
        // As many passages of as many words, so that no size gives them away.
        for (place, word) in [(own, "rye"), (other, "oat")] {
            let corpus = folder.path(word + ".jsonl")
            let lines = (0..<8).map {
                "{\"_id\": \"\(word)\($0)\", \"text\": \"Bread \($0) is made of \(word) flour.\"}\n"
            }
            try Data(lines.joined().utf8).write(to: URL(filePath: corpus))
            try Tool.run("index", corpus, "-o", place, "--no-encoder", "--pseudo-queries", "0", "-q").requireSuccess()
        }
    }

    private func file(_ name: String, of index: String) throws -> URL {
        let path = try #require(FileManager.default.subpathsOfDirectory(atPath: index).first { $0.hasSuffix(name) })
        return URL(filePath: index + "/" + path)
    }

    @Test("are noticed, and named", arguments: ["passages.gnr", "ngrams.gnr", "terms.gnr", "tokenizer.json"])
    func noticed(name: String) throws {
        let place = try file(name, of: own)
        try Data(contentsOf: try file(name, of: other)).write(to: place)
        let checked = try Tool.run("inspect", own, "--verify")
        #expect(checked.code == 3 && checked.errors.hasPrefix("genret: ") && checked.errors.contains(name))
        #expect(checked.errorLines.count == 1)
        let found = try Tool.run("query", own, "bread of rye")
        #expect(
            found.exited && found.errorLines.count == (name == "terms.gnr" ? 2 : 1) && found.errors.contains(name),
            "\(found.code): \(found.errors)"
        )
        // n-grams and terms are what a search can do without; it then answers from its own files.
        #expect(found.code == (["ngrams.gnr", "terms.gnr"].contains(name) ? 0 : 3))
        #expect(!found.output.contains("oat"))
    }
}
