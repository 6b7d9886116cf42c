import BuiltTool
import Foundation
import Testing

@Suite struct RerankCommandTests {
    private func run(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(arguments, models: Tool.tinyModels)
    }

    @Test("query, search, and the estimate") func life() throws {
        let place = Tool.fresh("rerank.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
            .expectSuccess()
        try run("query", place, "bread", "--rerank", "5").expectSentence(
            1, containing: "nothing can be reranked", "the index has no generator")
        try run("generator", "set", place, Tool.tinyModels + "/tiny_generator").expectSuccess()
        let question = "how do I feed a sourdough starter"
        let plain = try run("query", place, question, "--explain")
        plain.expectSuccess()
        #expect(!plain.output.contains("rerank likelihood"))
        let explained = try run(
            "query", place, question, "--retrievers", "dense,bm25", "--rerank", "3", "--rerank-weights",
            "likelihood=0.4",
            "--explain")
        explained.expectSuccess()
        let lines = explained.output.split(separator: "\n")
        #expect(lines.filter { $0.contains(/rerank likelihood -\d+\.\d{4}, gives -?\d\.\d{4}/) }.count == 3)
        #expect(lines.filter { $0.contains(/rerank not scored, gives -\d\.\d{4}/) }.count == 7)
        #expect(lines.last?.contains(/, rerank \d+\.\d\)/) == true)
        // BM25 alone needs no encoder, its reranking does.
        let json = try run("query", place, question, "--retrievers", "bm25", "--rerank", "2", "--json")
        json.expectSuccess()
        let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let candidates = answer?["candidates"] as? [[String: Any]] ?? []
        let parts = candidates.compactMap { $0["rerank"] as? [String: Double] }
        #expect(parts.count == candidates.count && parts.filter { $0["logLikelihood"] != nil }.count == 2)
        #expect(parts.allSatisfy { ($0["contribution"] ?? 1) <= 0 })

        let topics = try Tool.write("queries.tsv", "1\thow to bake bread\n")
        let searched = try run(
            "search", place, "--topics", topics, "-o", Tool.fresh("run"), "--rerank", "4", "--hits", "5")
        searched.expectSuccess()
        #expect(searched.errors.contains(", rerank "))

        try run("generator", "rerank", place, "-q").expectSentence(1, containing: "it holds no queries")
        try run("queries", "make", place, "--maker", "title", "--passages", "20").expectSuccess()
        let estimate = try run("generator", "rerank", place, "--queries", "title", "--count", "6", "-q")
        estimate.expectSuccess()
        #expect(estimate.output.contains("nDCG@10 of 6 queries ") && estimate.output.contains("reranked"))
        let inspected = try run("inspect", place)
        #expect(inspected.output.contains("the best 20 are reranked") == estimate.output.contains("the best 20 are"))
    }

    @Test("bad options") func refusals() throws {
        let index = try Tool.index.get()
        try run("query", index, "bread", "--rerank", "-1").expectUsage()
        try run("query", index, "bread", "--rerank-weights", "likelihood=-1").expectUsage()
        try run("query", index, "bread", "--rerank-weights", "bm25=1").expectUsage(containing: "is no weight")
        try run("query", index, "bread", "--rerank", "5").expectSentence(1, containing: "the index has no generator")
        try run("query", index, "bread", "--rerank", "0").expectSuccess()
        try run("generator", "rerank", index).expectSentence(1, containing: "the index has no generator")
        try run("generator", "rerank", index, "--count", "0").expectUsage()
    }
}
