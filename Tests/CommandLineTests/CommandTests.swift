import BuiltTool
import Corpora
import Evaluation
import Foundation
import Testing

/// What the commands print when all is well.
@Suite struct CommandTests {
    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("index says what it did, and spares an index that is there") func index() throws {
        let place = Tool.fresh("sample.genret")
        let first = try Tool.run("index", Tool.sample, "-o", place, "--no-encoder")
        first.expectSuccess()
        #expect(first.output.contains("210 passages") && first.output.contains("fusion "))
        for stage in ["vocabulary", "reading", "suffix array", "transform", "ranks", "fusion"] {
            #expect(first.errors.contains(stage))
        }
        let manifest = try Data(contentsOf: URL(filePath: place + "/manifest.json"))
        try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "-q")
            .expectSentence(1, containing: place, "--force")
        let again = try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "--force", "-q")
        again.expectSuccess()
        #expect(again.errors.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: place + "/manifest.json")) == manifest)
    }

    @Test("index without the encoder at hand says so and goes on") func absentEncoder() throws {
        let corpus = try Tool.write("corpus.jsonl", "{\"_id\": \"a\", \"text\": \"Bread needs flour.\"}\n")
        let outcome = try Tool.run("index", corpus, "-o", Tool.fresh("index"), "-q")
        outcome.expectSuccess()
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("genret model fetch"))
        try Tool.run("index", corpus, "-o", Tool.fresh("index"), "-q", "--encoder", "absent")
            .expectSentence(1, containing: "absent", "genret model fetch")
    }

    @Test("query prints text and the same as JSON") func query() throws {
        let index = try Tool.index.get()
        let text = "How often do I have to feed a sourdough starter?"
        let plain = try Tool.run("query", index, text, "--hits", "5")
        plain.expectSuccess()
        #expect(plain.output.hasPrefix(" 1 ") && plain.output.contains("5 hits in "))
        #expect(plain.output.contains("*starter*") || plain.output.contains("*sourdough"))

        let outcome = try Tool.run("query", index, text, "--hits", "5", "--json", "--explain")
        outcome.expectSuccess()
        let answer = try json(outcome.output)
        #expect((answer["query"] as? [String: Any])?["text"] as? String == text)
        #expect((answer["milliseconds"] as? Double ?? -1) > 0)
        let candidates = try #require(answer["candidates"] as? [[String: Any]])
        #expect(candidates.count == 5)
        #expect(candidates.first?["docid"] as? String == "sourdough-starter")
        #expect(candidates.compactMap { $0["rank"] as? Int } == [1, 2, 3, 4, 5])
        let scores = candidates.compactMap { $0["score"] as? Double }
        #expect(scores.count == 5 && scores == scores.sorted(by: >))
        for candidate in candidates {
            let docid = try #require(candidate["docid"] as? String)
            #expect(plain.output.contains("  \(docid)  "))
            let snippet = try #require(candidate["snippet"] as? String)
            for match in try #require(candidate["matches"] as? [[Int]]) {
                #expect(match.count == 2 && match[0] < match[1] && match[1] <= snippet.utf8.count)
            }
            #expect(Set(try #require(candidate["retrievers"] as? [String: Any]).keys) == ["ngram", "bm25"])
            let keys = try #require(candidate["keys"] as? [[String: Any]])
            for key in keys where key["kind"] as? String != "terms" {
                #expect((key["count"] as? Int ?? 0) > 0 && (key["logProb"] as? Double ?? 1) <= 0)
            }
        }
        #expect((candidates[0]["keys"] as? [Any])?.isEmpty == false)
        #expect((candidates[0]["text"] as? String)?.contains("flour") == true)
    }

    @Test("query joins its words and --explain shows the keys") func explain() throws {
        let index = try Tool.index.get()
        let outcome = try Tool.run(
            "query", index, "sourdough", "starter, fresh flour, room temperature, grey liquid, half away,",
            "throwing half, fees of nights", "--explain")
        outcome.expectSuccess()
        let keys = outcome.output.split(separator: "\n").filter {
            $0.contains(
                /key ".+" \((body, mixed|inflection, form|query, (phrase|name))\): count [1-9]\d*, log p\(n\|q\) -?\d+\.\d\d, weight/
            )
        }
        #expect(keys.count > 5 && keys.contains { $0.contains("sourdough starter") })
        #expect(outcome.output.contains(/keys over ".*sourdough.*", which gives \d+\.\d\d/))
        let parts = outcome.output.split(separator: "\n").filter {
            $0.contains(/(ngram|bm25) +(rank \d+|not listed), score/)
        }
        // Both retrievers have their part in every answer.
        #expect(parts.count >= 4 && outcome.output.contains("\n\(parts.count / 2) hits in "))
        let joined = try Tool.run(
            "query", index,
            "sourdough starter, fresh flour, room temperature, grey liquid, half away, throwing half, fees of nights",
            "--explain")
        func withoutTimes(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.contains(" hits in ") }
        }
        #expect(withoutTimes(joined.output) == withoutTimes(outcome.output))
    }

    @Test("search writes a run, eval judges it as the library does") func searchAndEval() throws {
        let index = try Tool.index.get()
        let (run, second) = (Tool.fresh("run.txt"), Tool.fresh("bm25.txt"))
        let searched = try Tool.run(
            "search", index, "--queries", Tool.sample, "-o", run, "--hits", "100", "--tag", "mine")
        searched.expectSuccess()
        #expect(searched.errors.contains("138 queries") && searched.errors.contains(" 0 with count 0"))
        let read = try TRECRun.read(path: run)
        #expect(read.tag == "mine" && read.queryIDs.count == 138 && read.isInScoreOrder)
        #expect(read.results.values.allSatisfy { (1...100).contains($0.count) })

        // Any number of threads writes the same run.
        let one = Tool.fresh("run.txt")
        try Tool.run(
            "search", index, "--queries", Tool.sample, "-o", one, "--hits", "100", "--tag", "mine", "--threads", "1",
            "-q"
        ).expectSuccess()
        #expect(try Data(contentsOf: URL(filePath: one)) == Data(contentsOf: URL(filePath: run)))

        let judged = try Tool.run("eval", "--qrels", Tool.sample, "--run", run)
        judged.expectSuccess()
        let evaluation = Evaluator(qrels: try Qrels.read(path: Tool.sample)).evaluate(read)
        #expect(judged.output == EvaluationListing(evaluation).text)
        #expect(evaluation.mean(of: .ndcgCut(10)) > 0.7)
        let some = try Tool.run("eval", "--qrels", Tool.sample, "--run", run, "-q", "-m", "ndcg_cut_10", "MRR@10")
        let options = EvaluationOptions(measures: [.ndcgCut(10), .recipRankCut(10)])
        let few = Evaluator(qrels: try Qrels.read(path: Tool.sample), options: options).evaluate(read)
        #expect(some.output == EvaluationListing(few, listsQueries: true).text)

        try Tool.run("search", index, "--queries", Tool.sample, "-o", second, "--retrievers", "bm25", "-q")
            .expectSuccess()
        let compared = try Tool.run("eval", "--qrels", Tool.sample, "--run", run, second, "--test", "t")
        compared.expectSuccess()
        #expect(compared.output.contains("ndcg_cut_10"))
    }

    @Test("search writes other formats too", arguments: ["msmarco", "json"]) func formats(format: String) throws {
        let run = Tool.fresh("run")
        try Tool.run(
            "search", try Tool.index.get(), "--queries", Tool.sample, "-o", run, "--output-format", format, "-q",
            "--hits", "3"
        ).expectSuccess()
        let text = try String(contentsOfFile: run, encoding: .utf8)
        #expect(text.contains("sourdough-starter") && text.contains("q001"))
    }

    @Test("inspect shows what an index holds") func inspect() throws {
        let index = try Tool.index.get()
        let outcome = try Tool.run("inspect", index)
        outcome.expectSuccess()
        for part in ["format 3", "210", "BEIR", "ngrams.gnr", "terms.gnr", "passages.gnr", "tokenizer.json", "fusion"] {
            #expect(outcome.output.contains(part), "\(part)")
        }
        let manifest = try String(contentsOfFile: index + "/manifest.json", encoding: .utf8)
        #expect(try Tool.run("inspect", index, "--json").output == manifest)
    }

    @Test("Help and version") func help() throws {
        let version = try Tool.run("--version")
        version.expectSuccess()
        #expect(version.output.contains(/^\d+\.\d+/))
        for command in [[], ["index"], ["query"], ["search"], ["eval"], ["inspect"], ["model"], ["corpus"]] {
            let outcome = try Tool.run(command + ["--help"])
            outcome.expectSuccess()
            #expect(outcome.output.contains("USAGE") && outcome.errors.isEmpty)
        }
        try Tool.run("model", "list").expectSuccess()
        try Tool.run("corpus", "list").expectSuccess()
    }
}
