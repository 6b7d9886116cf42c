import BuiltTool
import Foundation
import Testing

/// What only the n-gram retriever knows: profiles, carried queries, SEAL's options.
@Suite struct NgramOptionTests {
    @Test("both profiles answer alike, and the build says which it chose") func profiles() throws {
        var answers: [String] = []
        for profile in ["fast", "compact"] {
            let place = Tool.fresh("\(profile).genret")
            let built = try Tool.run(
                "index", Tool.sample, "-o", place, "--no-encoder", "-q", "--ngram-profile", profile)
            built.expectSuccess()
            #expect(built.output.contains("n-gram index: \(profile)"))
            let found = try Tool.run("query", place, "feed", "sourdough", "starter", "--json", "--retrievers", "ngram")
            found.expectSuccess()
            let hits = try #require(
                try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])["candidates"]
            answers.append(
                "\(try #require(hits as? [[String: Any]]).map { "\($0["docid"] ?? "") \($0["score"] ?? "")" })")
        }
        #expect(answers[0] == answers[1] && !answers[0].isEmpty)
        try Tool.run("index", Tool.sample, "-o", Tool.fresh("x"), "--ngram-profile", "huge").expectUsage()
    }

    @Test("a query that a passage carries is an identifier of it") func carriedQueries() throws {
        let queries = try Tool.write(
            "queries.tsv",
            "bread-oven-steam\tcan people breathe up there\nbread-oven-steam\tlunar atmosphere\nbread-salt\tcan people drink seawater\n"
        )
        let place = Tool.fresh("carried.genret")
        try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "-q", "--passage-queries", queries)
            .expectSuccess()
        let found = try Tool.run(
            "query", place, "can people breathe up there", "--retrievers", "ngram", "--explain",
            "--allow-overlaps")
        found.expectSuccess()
        #expect(found.output.contains("query: can people breathe up there"))
        #expect(found.output.split(separator: "\n").first?.contains("bread-oven-steam") == true)
        let without = try Tool.run(
            "query", place, "can people breathe up there", "--retrievers", "ngram", "--explain",
            "--allow-overlaps", "--no-pseudo-queries")
        #expect(!without.output.contains("query: can people breathe up there"))

        let unknown = try Tool.write("unknown.tsv", "nobody\twho is it\n")
        try Tool.run(
            "index", Tool.sample, "-o", Tool.fresh("index"), "--no-encoder", "-q", "--passage-queries", unknown
        ).expectSentence(1, containing: unknown, "nobody")
        try Tool.run(
            "index", Tool.sample, "-o", Tool.fresh("index"), "--no-encoder", "-q", "--passage-queries",
            Tool.fresh("absent")
        ).expectSentence(1)
    }

    @Test("SEAL's options are heard, and checked") func options() throws {
        let place = Tool.fresh("options.genret")
        try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "-q").expectSuccess()
        func scores(_ options: String...) throws -> [String] {
            let outcome = try Tool.run(
                ["query", place, "how do I feed a sourdough starter", "--json", "--retrievers", "ngram"] + options)
            outcome.expectSuccess()
            let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            return try #require(json?["candidates"] as? [[String: Any]]).map {
                "\($0["docid"] ?? "") \($0["score"] ?? "")"
            }
        }
        let plain = try scores()
        for options in [
            ["--renormalize"], ["--lm-only"], ["--full-score", "0"], ["--score-exponent", "1"],
            ["--repetition-penalty", "0"], ["--key-length", "2", "--no-titles"], ["--no-query-keys"],
            ["--unigram-exponent"], ["--no-body-keys"], ["--generated-factor", "2"], ["--unigram-factor", "0.5"],
            ["--copy-gate", "0.4", "--copy-follow", "0.3", "--continuations", "4", "--query-tokens", "9"],
            ["--seal-compatible", "mirrored-spans", "--full-score", "0"],
        ] {
            let outcome = try Tool.run(
                ["query", place, "how do I feed a sourdough starter", "--json", "--retrievers", "ngram"] + options)
            outcome.expectSuccess()
            #expect(outcome.output.contains("\"docid\""))
        }
        #expect(try scores("--score-exponent", "1") != plain)
        #expect(try scores("--seal-compatible", "all").isEmpty == false)
        for bad in [
            ["--seal-compatible", "spans"], ["--repetition-penalty", "2"], ["--score-exponent", "-1"],
            ["--full-score", "-1"], ["--generated-factor", "-1"], ["--copy-gate", "2"], ["--continuations", "0"],
            ["--query-words", "0"],
        ] {
            try Tool.run(["query", place, "bread"] + bad).expectUsage()
        }
    }
}

/// `--max-memory`.
@Suite struct MemoryOptionTests {
    @Test("sizes that are none, and too little, are refused with a sentence") func badSizes() throws {
        for size in ["", "2X", "-1G", "G", "1.5.2G"] {
            try Tool.run("index", Tool.sample, "-o", Tool.fresh("x"), "--max-memory", size).expectUsage()
        }
        try Tool.run("index", Tool.sample, "-o", Tool.fresh("x"), "--no-encoder", "-q", "--max-memory", "1M")
            .expectSentence(1)
        try Tool.run("index", Tool.sample, "-o", Tool.fresh("x"), "--no-encoder", "-q", "--max-memory", "1G")
            .expectSuccess()
    }
}
