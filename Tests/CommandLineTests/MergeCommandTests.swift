import BuiltTool
import Foundation
import Testing

/// `genret merge` and `genret refresh`: what they say, and how they end.
@Suite struct MergeCommandTests {
    private func index(_ ids: [String], encoder: Bool = true) throws -> String {
        let place = Tool.fresh("part")
        let words = ids.map { "bread and \($0) of the river" }
        let corpus = try Tool.write(
            "c.jsonl",
            zip(ids, words).map { "{\"_id\":\"\($0)\",\"text\":\"\($1). Salt and water of \($0).\"}\n" }.joined())
        let kind = encoder ? ["--encoder", "tiny_bert", "--generator", "none"] : ["--no-encoder"]
        try Tool.run(
            ["index", corpus, "-o", place, "-q", "--pseudo-queries", "2"] + kind, models: Tool.tinyModels
        ).expectSuccess()
        return place
    }

    private func run(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, models: Tool.tinyModels) }

    private func timeless(_ text: String) -> String { text.replacing(/, [0-9.]+ (s|ms)\n/, with: "\n") }

    @Test("Two indexes become one, and its weights are estimated") func merged() throws {
        let (a, b, place) = (try index(["one", "two"]), try index(["three"]), Tool.fresh("merged"))
        let dry = try run("merge", a, b, "-o", place, "-q", "--dry-run")
        dry.expectSuccess()
        let rest = """
            \(place): kept tokenizer
            \(place): left out fusion, which holds for one of them only; "genret refresh \(place)" estimates weights for all

            """
        #expect(dry.output == "\(place): would have 3 passages in 2 segments of 2 indexes\n" + rest)
        #expect(!FileManager.default.fileExists(atPath: place))
        let done = try run("merge", a, b, "-o", place, "-q")
        done.expectSuccess()
        #expect(timeless(done.output) == "\(place): 3 passages in 2 segments of 2 indexes\n" + rest)
        try run("verify", place, "--deep").expectSuccess()
        let aged = try run("refresh", place, "-q", "--dry-run")
        aged.expectSuccess()
        #expect(aged.output.contains("\(place): fusion: there was none\n"))
        #expect(aged.output.contains("\(place): estimate: "))
        let refreshed = try run("refresh", place, "-q", "--queries", "3")
        refreshed.expectSuccess()
        #expect(refreshed.output.contains("\(place): fusion: there was none; bm25 "))
        #expect(try run("refresh", place, "-q").output == "\(place): nothing has aged\n")
        try run("delete", place, "three", "-q").expectSuccess()
        let corpus = try Tool.write(
            "d.jsonl", "{\"_id\":\"four\",\"text\":\"bread\"}\n{\"_id\":\"five\",\"text\":\"salt\"}\n")
        try run("add", place, corpus, "-q").expectSuccess()
        #expect(try run("part", "list", place).output.contains("2 passages came later, 1 have left since"))
        #expect(
            try run("refresh", place, "-q", "--queries", "3").output.contains(
                "\(place): fusion: 2 passages came, 1 left since; "))
    }

    @Test("What does not go together is refused in a sentence") func mistakes() throws {
        let (a, b) = (try index(["one", "two"]), try index(["two", "three"]))
        let (lexical, place) = (try index(["four"], encoder: false), Tool.fresh("place"))
        try run("merge", a, b, "-o", place, "-q").expectSentence(
            1, containing: "\(b): there is a passage \"two\" in it and in \(a)", "--prefer first or last")
        try run("merge", a, lexical, "-o", place, "-q").expectSentence(
            1, containing: "\(lexical): it has not the same tokenizer as \(a)")
        try run("merge", a, a, "-o", place, "-q").expectSentence(1, containing: "it is named twice")
        try run("merge", a, place, "-o", Tool.fresh("x"), "-q").expectSentence(3, containing: place)
        try run("merge", a, "-o", place).expectUsage(containing: "two indexes or more")
        try run("merge", a, b).expectUsage()
        try run("merge", a, b, "-o", "-").expectUsage()
        try run("merge", a, b, "-o", place, "--prefer", "best").expectUsage()
        #expect(!FileManager.default.fileExists(atPath: place))
        try run("merge", a, b, "-o", b, "-q").expectSentence(1, containing: "\(b): something stands there already")
        let preferred = try run("merge", a, b, "-o", place, "-q", "--prefer", "last")
        preferred.expectSuccess()
        #expect(preferred.output.contains("\(place): 1 passages gave way to others of the same ids\n"))
        #expect(try run("inspect", place).output.contains("passages   3,"))
        try run("refresh", Tool.fresh("none"), "-q").expectSentence(3, containing: "none")
        try run("refresh", place, "--queries", "0").expectUsage()
        // Weights for half of the retrievers would be wrong where the encoder is there.
        try Tool.run("refresh", place, "-q").expectSentence(1, containing: "genret model fetch tiny_bert")
        #expect(try run("refresh", place, "-q", "--queries", "2").code == 0)
    }
}
