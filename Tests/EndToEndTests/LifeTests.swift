import BuiltTool
import Foundation
import TestSupport
import Testing

/// An index through all that is done to one.
@Suite struct LifeTests {
    private let folder: TemporaryFolder
    private let index: String

    init() throws {
        folder = try TemporaryFolder()
        index = folder.path("sample.genret")
    }

    private func run(_ arguments: String...) throws -> String {
        let outcome = try Tool.run(arguments, models: Tool.tinyModels).requireSuccess()
        #expect(outcome.errors.isEmpty)
        return outcome.output
    }

    private func answer() throws -> String {
        try run("query", index, "How often do I have to feed a sourdough starter?", "--json", "--hits", "5")
            .replacing(/"milliseconds" : [0-9.e-]+/, with: "")
    }

    /// The names at the lines' beginnings.
    private func parts() throws -> [String] {
        try run("part", "list", index).split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    }

    @Test("Queries are made, estimates and parts come and go, and it answers in between") func life() throws {
        _ = try run("index", Tool.sample, "-o", index, "--encoder", "tiny_bert", "--pseudo-queries", "3", "-q")
        #expect(try parts() == ["fusion"])
        let first = try answer()
        #expect(first.contains("\"docid\" : \"sourdough-starter\""))

        #expect(
            try run("queries", "make", index, "--maker", "title", "--passages", "20", "-q").contains(
                "title: 20 queries"))
        #expect(try parts() == ["queries", "fusion"])
        #expect(try answer() == first)

        // Weights of its own queries; the search is another one now.
        let estimated = try run("part", "estimate", index, "fusion", "--queries", "title", "--count", "10", "-q")
        #expect(estimated.contains(": fusion: bm25 "))
        #expect(try parts() == ["queries", "fusion"])
        let second = try answer()

        // Estimates are made with parts: those of before are kept, and valid again when the part is gone.
        _ = try run("part", "set", index, "generator", Tool.tinyModels + "/tiny_generator", "-q")
        #expect(try parts().starts(with: ["generator", "queries"]))
        #expect(try answer().contains("\"docid\" : \"sourdough-starter\""))
        _ = try run("part", "estimate", index, "fusion", "--queries", "title", "--count", "5", "-q")
        #expect(try parts().contains("fusion"))
        #expect(try answer() != second)
        #expect(try run("inspect", index, "--verify").hasSuffix("every checksum is right\n"))

        #expect(try run("part", "remove", index, "generator") == "\(index): generator removed\n")
        #expect(try run("part", "remove", index, "generator") == "\(index): it has no generator\n")
        #expect(try answer() == second)
        #expect(try run("part", "remove", index, "queries/title") == "\(index): queries/title removed\n")
        #expect(!(try parts().contains("queries")))
        #expect(try answer() == second)
        #expect(try run("inspect", index, "--verify").hasSuffix("every checksum is right\n"))

        // Nothing of what went is left.
        let names = try FileManager.default.subpathsOfDirectory(atPath: index)
        #expect(names.allSatisfy { !$0.contains("generator") && !$0.contains("queries") })
    }
}
