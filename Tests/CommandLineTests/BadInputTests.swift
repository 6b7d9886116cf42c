import BuiltTool
import Foundation
import Testing

/// Every mistake gets a sentence and an exit code, never a trap.
@Suite struct BadInputTests {
    private static let good = "{\"_id\": \"a\", \"title\": \"Bread\", \"text\": \"Bread needs flour and water.\"}\n"

    private func index(_ corpus: String, _ more: String...) throws -> Tool.Outcome {
        try Tool.run(["index", corpus, "-o", Tool.fresh("index"), "--no-encoder", "-q"] + more)
    }

    @Test("Corpora without passages", arguments: ["", "\n\n\n", "not a corpus", "\u{0}\u{1}\u{2}", "[]", "{}\n{}\n"])
    func noPassages(content: String) throws {
        let corpus = try Tool.write("corpus.jsonl", content)
        try index(corpus).expectSentence(1, containing: corpus)
    }

    @Test("No such corpus, an empty folder, a broken archive") func absentCorpus() throws {
        try index(Tool.fresh("absent")).expectSentence(1, containing: "no such file")
        let file = try Tool.write("x", "")
        try index(URL(filePath: file).deletingLastPathComponent().path).expectSentence(1)
        try index(try Tool.write("corpus.jsonl.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3])).expectSentence(1)
        try index(try Tool.write("corpus.jsonl.zst", [0x28, 0xB5, 0x2F, 0xFD, 9, 9])).expectSentence(1)
    }

    @Test(
        "Bad lines are skipped by name, or fatal when asked",
        arguments: [
            ("{\"_id\": \"b\", \"text\": \"cut\n", ""), ("{\"_id\": \"b\"}\n", "missing text"),
            ("{\"text\": \"no id\"}\n", "missing id"), ("{\"_id\": \"b\", \"text\": \"\"}\n", "empty text"),
            ("{\"_id\": \"b\", \"text\": true}\n", "truth value"),
        ])
    func badLine(line: String, reason: String) throws {
        let corpus = try Tool.write("corpus.jsonl", Self.good + line + Self.good.replacing("\"a\"", with: "\"c\""))
        let outcome = try index(corpus)
        outcome.expectSuccess()
        #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("genret: skipped \(corpus):2: "))
        #expect(reason.isEmpty || outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.output.contains("2 passages"))
        try index(corpus, "--strict").expectSentence(1, containing: "\(corpus):2: ", reason)
    }

    @Test("Many bad lines are counted") func manyBadLines() throws {
        let corpus = try Tool.write("corpus.jsonl", Self.good + String(repeating: "{\"x\": 1}\n", count: 50))
        let outcome = try index(corpus)
        outcome.expectSuccess()
        #expect(outcome.errorLines.count == 21)
        #expect(outcome.errorLines.allSatisfy { $0.hasPrefix("genret: skipped") })
        #expect(outcome.errors.contains("30 more bad lines"))
    }

    @Test("An id that stands twice names both lines") func duplicate() throws {
        let corpus = try Tool.write("corpus.jsonl", Self.good + Self.good.replacing("\"a\"", with: "\"b\"") + Self.good)
        let outcome = try index(corpus)
        outcome.expectSuccess()
        #expect(outcome.errors == "genret: skipped \(corpus):3: the identifier \"a\" is already used at \(corpus):1\n")
        try index(corpus, "--strict").expectSentence(1, containing: "\(corpus):3: ", "\(corpus):1", "\"a\"")
    }

    @Test("Places where no index can go") func destinations() throws {
        let corpus = try Tool.write("corpus.jsonl", Self.good)
        try Tool.run("index", corpus, "-o", corpus, "--no-encoder", "-q", "--force")
            .expectSentence(1, containing: corpus, "not an index")
        try Tool.run("index", corpus, "-o", corpus + "/below", "--no-encoder", "-q").expectSentence(1)
        try Tool.run("index", corpus, "-o", "/proc/nowhere/index", "--no-encoder", "-q").expectSentence(1)
        #expect(try String(contentsOfFile: corpus, encoding: .utf8) == Self.good)
    }

    @Test("An index that is absent or none") func noIndex() throws {
        let nothing = Tool.fresh("absent")
        for arguments in [["query", nothing, "bread"], ["inspect", nothing], ["query", Tool.folder, "bread"]] {
            try Tool.run(arguments).expectSentence(3, containing: arguments[1])
        }
        try Tool.run("search", nothing, "--queries", Tool.sample, "-o", Tool.fresh("run")).expectSentence(3)
    }

    @Test(
        "Truncated and foreign files of an index",
        arguments: [
            "passages.gnr", "ngrams.gnr", "terms.gnr", "manifest.json", "tokenizer.json",
        ])
    func damagedIndex(name: String) throws {
        let place = Tool.fresh("damaged")
        try FileManager.default.copyItem(atPath: try Tool.index.get(), toPath: place)
        let files = try FileManager.default.subpathsOfDirectory(atPath: place)
        let file = URL(filePath: place + "/" + (try #require(files.first { $0.hasSuffix(name) })))
        let bytes = try Data(contentsOf: file)
        // Where BM25's terms or the n-grams are damaged, the other still answers, and says so.
        let leaves = ["ngrams.gnr": "ngram does not run", "terms.gnr": "bm25 does not run"][name]
        for damaged in [bytes.prefix(bytes.count / 2), bytes.prefix(3), Data(), Data("something else".utf8)] {
            try damaged.write(to: file)
            let outcome = try Tool.run("query", place, "bread")
            if let leaves {
                #expect(
                    // The n-grams do without the terms, and say so too.
                    outcome.code == 0 && outcome.errorLines.count == (name == "terms.gnr" ? 2 : 1)
                        && outcome.errors.contains(leaves),
                    "\(outcome.errors)")
                #expect(outcome.errors.contains(place))
            } else {
                outcome.expectSentence(3, containing: place)
            }
            try Tool.run("inspect", place, "--verify").expectSentence(3, containing: place)
        }
    }

    @Test("Queries that are empty, long or odd") func queries() throws {
        let index = try Tool.index.get()
        for text in ["", "  ", "\n"] {
            try Tool.run("query", index, text, "--retrievers", "ngram,bm25").expectSentence(1, containing: "empty")
        }
        let long = (0..<10_000).map { ["bread", "river", "glass", "word\($0)"][$0 % 4] }.joined(separator: " ")
        let outcome = try Tool.run("query", index, long)
        outcome.expectSuccess()
        #expect(outcome.output.contains("10 hits in "))
        #expect(outcome.errors.contains("10,000 words"))
        for text in ["🍕🍕🍕", "[SEP]", "?", "%@ %s %n", "東京"] {
            let outcome = try Tool.run("query", index, text, "--explain", "--retrievers", "ngram,bm25")
            #expect(outcome.exited && [0, 1].contains(outcome.code), "\(text): \(outcome.errors)")
            if outcome.code == 1, !outcome.output.contains("nothing found") { outcome.expectSentence(1) }
        }
    }

    @Test(
        "Options that make no sense",
        arguments: [
            ["--retrievers", "telepathy"], ["--retrievers", ""], ["--hits", "0"], ["--hits", "-3"], ["--beam", "0"],
            ["--beam", "9999999999"], ["--depth", "0"], ["--k1", "-1"], ["--b", "1.5"], ["--b", "nan"],
            ["--k1", "nan"], ["--weights", "ngram"], ["--weights", "ngram=-1"], ["--weights", "ngram=nan"],
            ["--fusion", "magic"], ["--docids", "none"], ["--nonsense"], ["--hits", "many"],
        ])
    func options(arguments: [String]) throws {
        try Tool.run(["query", try Tool.index.get(), "bread"] + arguments).expectUsage()
    }

    @Test("Retrievers that this index does not have") func unavailable() throws {
        for name in ["dense", "docid", "bm25,dense"] {
            try Tool.run("query", try Tool.index.get(), "bread", "--retrievers", name)
                .expectSentence(1, containing: "without an encoder")
        }
    }

    @Test("Runs, queries and judgements that cannot be used") func evaluation() throws {
        let index = try Tool.index.get()
        let run = Tool.fresh("run.txt")
        try Tool.run("search", index, "--queries", Tool.sample, "-o", run, "-q", "--hits", "5").expectSuccess()
        let others = try Tool.write("qrels.tsv", "query-id\tcorpus-id\tscore\nx1\tsourdough-starter\t1\n")
        try Tool.run("eval", "--qrels", others, "--run", run).expectSentence(1, containing: run, others)
        let broken = try Tool.write("qrels.tsv", "query-id\tcorpus-id\tscore\nq001\tx\tgood\n")
        try Tool.run("eval", "--qrels", broken, "--run", run).expectSentence(1, containing: "\(broken):2: ")
        let empty = try Tool.write("qrels.tsv", "")
        try Tool.run("eval", "--qrels", empty, "--run", run).expectSentence(1, containing: empty)
        try Tool.run("eval", "--qrels", Tool.fresh("absent"), "--run", run).expectSentence(
            1, containing: "no such file")
        try Tool.run("eval", "--qrels", Tool.sample, "--run", Tool.fresh("absent")).expectSentence(1)
        let notRun = try Tool.write("run.txt", "this is no run\n")
        try Tool.run("eval", "--qrels", Tool.sample, "--run", notRun).expectSentence(1, containing: notRun)
        try Tool.run("eval", "--qrels", Tool.sample, "--run", run, "-m", "charm").expectUsage(containing: "charm")

        func search(_ queries: String, _ output: String) throws -> Tool.Outcome {
            try Tool.run("search", index, "--queries", queries, "-o", output, "--retrievers", "ngram,bm25")
        }
        try search(Tool.fresh("absent"), run).expectSentence(1, containing: "no such file")
        let noQueries = try Tool.write("queries.jsonl", "")
        try search(noQueries, run).expectSentence(1, containing: noQueries)
        let badQueries = try Tool.write("queries.jsonl", "{\"_id\": \"q1\"}\n")
        try search(badQueries, run).expectSentence(1, containing: "\(badQueries):1: ")
        try search(Tool.sample, Tool.fresh("absent") + "/run").expectSentence(1)
        try search(Tool.sample, Tool.folder).expectSentence(1)
    }

    @Test("Commands without what they need") func usage() throws {
        for arguments in [["index"], ["query"], ["eval"], ["search", "x"], ["corpus", "make", "moon"]] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.exited && outcome.code == 64, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.hasPrefix("Error: "), "\(arguments): \(outcome.errors)")
        }
    }
}
