import BuiltTool
import Corpora
import Foundation
import Testing

/// Indexes of imported vectors, from outside.
@Suite struct VectorCommandTests {
    /// A file of vectors of four numbers by id: the place of an id says where it points.
    private func lines(_ ids: [String], _ name: String, width: Int = 4) throws -> String {
        let path = Tool.fresh(name)
        let lines = ids.enumerated().map { place, id in
            let numbers = (0..<width).map { sin(Double(place * (2 * $0 + 1)) + Double($0)) + ($0 == 0 ? 0.1 : 0) }
            return "{\"id\": \"\(id)\", \"vector\": [\(numbers.map { "\($0)" }.joined(separator: ", "))]}"
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    private func passages() throws -> [String] {
        var reader = try CorpusReader(path: Tool.sample)
        var ids: [String] = []
        while let passage = try reader.next() { ids.append(passage.id) }
        return ids
    }

    private func index() throws -> String {
        let place = Tool.fresh("imported.genret")
        try Tool.run(
            "index", Tool.sample, "-o", place, "--vectors", lines(passages(), "p.jsonl"), "-q", "--pseudo-queries", "20"
        )
        .expectSuccess()
        return place
    }

    @Test("index, inspect, query, search, eval") func life() throws {
        let place = try index()
        let inspected = try Tool.run("inspect", place, "--verify")
        inspected.expectSuccess()
        #expect(inspected.output.contains("vectors    imported, 4 dimensions"))
        #expect(!inspected.output.contains("without an encoder"))
        try Tool.run("doctor", place).expectSuccess()
        let id = try passages()[7]
        // The first of two has the direction of the eighth passage.
        let both = try lines(passages(), "q.jsonl")
        let eighth = try String(contentsOfFile: both, encoding: .utf8).split(separator: "\n")[7]
        let one = Tool.fresh("one.jsonl")
        try Data((eighth + "\n").utf8).write(to: URL(filePath: one))
        let found = try Tool.run("query", place, "--query-vector", one, "--retrievers", "dense,docid", "-k", "1", "-q")
        found.expectSuccess()
        #expect(found.output.contains(id) && found.errors.isEmpty)
        try Tool.run("query", place, "bread", "--query-vector", both).expectSentence(1, containing: "a query has one")
        let text = try Tool.run("query", place, "sourdough starter", "-q")
        text.expectSuccess()
        #expect(text.errors.contains("docid and dense do not run: the index's vectors were imported"))
        try Tool.run("query", place, "sourdough", "--retrievers", "dense").expectSentence(
            1, containing: "--query-vector")
        let topics = try Queries.read(path: Tool.sample)
        let vectors = try lines(topics.map { "\($0.id)" }, "t.jsonl")
        let run = Tool.fresh("run.trec")
        let searched = try Tool.run(
            "search", place, "--topics", Tool.sample, "--query-vectors", vectors, "--output", run, "-q")
        searched.expectSuccess()
        #expect(searched.errors.isEmpty)
        try Tool.run("eval", "--qrels", Tool.sample + "/qrels/test.tsv", "--run", run).expectSuccess()
        let few = try lines(topics.dropLast().map { "\($0.id)" }, "few.jsonl")
        try Tool.run("search", place, "--topics", Tool.sample, "--query-vectors", few, "--output", run)
            .expectSentence(1, containing: "it has no vector of the query")
        let wide = try lines(topics.map { "\($0.id)" }, "wide.jsonl", width: 5)
        try Tool.run("search", place, "--topics", Tool.sample, "--query-vectors", wide, "--output", run)
            .expectSentence(1, containing: "its vectors have 5 numbers, those of \(place) 4")
    }

    @Test("What does not go together is said before any work") func refused() throws {
        let place = try index()
        let vectors = try lines(["a"], "a.jsonl")
        let corpus = Tool.fresh("a-corpus.jsonl")
        try Data("{\"id\": \"a\", \"text\": \"one passage\"}\n".utf8).write(to: URL(filePath: corpus))
        try Tool.run("add", place, corpus).expectSentence(1, containing: "--vectors gives them")
        try Tool.run("add", place, corpus, "--vectors", vectors, "-q").expectSuccess()
        let lexical = Tool.fresh("lexical.genret")
        try Tool.run("index", corpus, "-o", lexical, "--no-encoder", "-q").expectSuccess()
        try Tool.run("query", lexical, "passage", "--query-vector", vectors)
            .expectSentence(1, containing: "genret index --vectors")
        try Tool.run("add", lexical, corpus, "--vectors", vectors).expectSentence(1, containing: "no imported vectors")
        let fresh = Tool.fresh("x.genret")
        try Tool.run("index", corpus, "-o", fresh, "--vectors", vectors + ".txt").expectSentence(
            1, containing: "ends in")
        for option in [["--encoder", "tiny_bert"], ["--generator", "x"], ["--sentence-docids"]] {
            let outcome = try Tool.run(["index", corpus, "-o", fresh, "--vectors", vectors] + option)
            #expect(outcome.code == 64 && outcome.errors.contains("--vectors"))
        }
        #expect(!FileManager.default.fileExists(atPath: fresh))
    }
}
