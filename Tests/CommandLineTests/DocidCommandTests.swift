import BuiltTool
import Foundation
import Testing

@Suite struct DocidCommandTests {
    private func run(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(arguments, models: Tool.tinyModels)
    }

    @Test("train, set, inspect, query, tune, remove") func life() throws {
        let place = Tool.fresh("docids.genret")
        try run(
            "index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0",
            "--quantised-docids"
        ).expectSuccess()
        try run("query", place, "bread", "--retrievers", "docid", "--docids", "trained")
            .expectSentence(1, containing: "the index has no docids")
        let output = Tool.fresh("docids")
        let bare = try run("train", "docid", place, "-o", output, "--scheme", "rq", "-q")
        bare.expectSuccess()
        #expect(bare.output.contains("nothing was trained"))
        let other = Tool.fresh("docids")
        let trained = try run(
            "train", "docid", place, "-o", other, "--entries", output, "--queries", Tool.sample + "/queries.jsonl",
            "--qrels", Tool.sample + "/qrels/test.tsv", "--steps", "4", "--evaluate", "2", "--batch", "8", "--layers",
            "1",
            "--fanout", "4", "--held-out", "0.2")
        trained.expectSuccess()
        #expect(trained.output.contains("4 steps in ") && trained.output.contains("look-ahead of BM25 at weight "))
        // Entries that are there already are not encoded again.
        #expect(!trained.errors.contains("docid entries"))
        let set = try run("docid", "set", place, other, "-q")
        set.expectSuccess()
        #expect(set.output.contains("tree docids of "))
        let inspected = try run("inspect", place, "--verify")
        inspected.expectSuccess()
        #expect(
            inspected.output.contains("docids         tree docids of ")
                && inspected.output.contains("docids/entries.gnr"))
        for option in [
            [], ["--docids", "trained", "--plan-ahead", "0.3"], ["--docids", "untrained"], ["--docids", "rq"],
        ] {
            let found = try Tool.run(
                ["query", place, "how do I feed a sourdough starter", "--retrievers", "docid", "--explain"] + option,
                models: Tool.tinyModels)
            found.expectSuccess()
            #expect(found.output.contains(" 1  ") && found.output.contains("docid "))
        }
        try run("docid", "tune", place).expectSentence(1, containing: "it holds no queries")
        try run("queries", "make", place, "--maker", "spans", "-q").expectSuccess()
        let tuned = try run("docid", "tune", place, "--queries", "spans", "--count", "20")
        tuned.expectSuccess()
        #expect(tuned.output.contains("MRR@10 of 20 queries "))
        let weights = try run("docid", "weights", place, "--queries", "spans", "--count", "20")
        weights.expectSuccess()
        #expect(weights.output.contains("nDCG@10 of 20 queries "))
        #expect(try run("inspect", place).output.contains("(20 queries, with docids, look-ahead)"))
        #expect(try run("docid", "remove", place).output.contains("docids removed"))
        #expect(try run("docid", "remove", place).output.contains("it has no docids"))
    }

    @Test("docids that are written, and a table of schemes") func writtenAndTable() throws {
        let place = Tool.fresh("docids.genret")
        try run(
            "index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0",
            "--quantised-docids"
        ).expectSuccess()
        let labelled = ["--queries", Tool.sample + "/queries.jsonl", "--qrels", Tool.sample + "/qrels/test.tsv"]
        let common = labelled + ["--steps", "2", "--batch", "8", "--layers", "1", "--held-out", "0.2", "-q"]
        let output = Tool.fresh("docids")
        try run("train", "docid", place, "-o", output, "--scheme", "naive").expectSentence(
            1, containing: "nothing to train on")
        let trained = try Tool.run(
            ["train", "docid", place, "-o", output, "--scheme", "position"] + common, models: Tool.tinyModels)
        trained.expectSuccess()
        #expect(trained.output.contains("docids of ") && trained.output.contains("MRR@10 of "))
        try run("docid", "set", place, output, "-q").expectSuccess()
        let found = try run("query", place, "how do I feed a sourdough starter", "--retrievers", "docid", "--explain")
        found.expectSuccess()
        #expect(found.output.contains("docid position: "))
        #expect(try run("inspect", place, "--verify").output.contains("docids/sequences.gnr"))
        let table = Tool.fresh("table.md")
        let ablated = try Tool.run(
            [
                "train", "ablate", place, "-o", table, "--schemes", "atomic,naive,pawa", "--representations", "passage",
                "--test", Tool.sample + "/qrels/test.tsv",
            ] + common, models: Tool.tinyModels)
        ablated.expectSuccess()
        let written = try String(contentsOfFile: table, encoding: .utf8)
        for line in [
            "| docids | entries | state | Hits@1 |", "| dense | passage | reference | ",
            "| atomic | passage | untrained | ", "| atomic | passage | entries train", "| naive | passage | trained | ",
            "| pawa | passage | trained | ",
        ] {
            #expect(written.contains(line))
        }
        #expect(ablated.output.contains("ms a query") && ablated.output.contains("bm25"))
        try Tool.run(
            ["train", "ablate", place, "-o", table, "--test", "x", "--schemes", "other"] + labelled,
            models: Tool.tinyModels
        )
        .expectUsage()
        try run("train", "ablate", place, "-o", table, "--test", Tool.sample + "/qrels/test.tsv").expectUsage()
    }

    @Test("bad options, folders and indexes") func refusals() throws {
        let index = try Tool.index.get()
        let output = Tool.fresh("docids")
        try run("train", "docid", index, "-o", output).expectSentence(1, containing: "without an encoder")
        try run("train", "docid", index, "-o", output, "--scheme", "other").expectUsage()
        try run("train", "docid", index, "-o", output, "--representations", "words").expectUsage()
        try run("train", "docid", index, "-o", output, "--representations", "queries").expectUsage()
        try run("train", "docid", index, "-o", output, "--share", "2").expectUsage()
        try run("train", "docid", index, "-o", output, "--train-entries").expectUsage()
        try run("docid", "set", index, "/nowhere").expectSentence(1, containing: "/nowhere: no such folder")
        try run("docid", "set", Tool.fresh("absent"), output).expectSentence(3, containing: "absent")
        try run("query", index, "bread", "--plan-ahead", "2").expectUsage()
    }
}
