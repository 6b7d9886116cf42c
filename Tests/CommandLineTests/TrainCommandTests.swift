import BuiltTool
import Foundation
import Testing

@Suite struct TrainCommandTests {
    private func run(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(arguments, models: Tool.tinyModels)
    }

    @Test("train ngram, set, search") func life() throws {
        let place = Tool.fresh("trained.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
            .expectSuccess()
        let output = Tool.fresh("generator")
        try run("train", "ngram", place, "-o", output, "--steps", "2").expectSentence(
            1, containing: "nothing to train on")
        try run("train", "ngram", place, "-o", output, "--makers", "spans").expectSentence(
            1, containing: "genret queries make")
        try run("queries", "make", place, "--maker", "spans", "-q").expectSuccess()
        let trained = try run(
            "train", "ngram", place, "-o", output, "--makers", "spans", "--queries", Tool.sample + "/queries.jsonl",
            "--qrels", Tool.sample + "/qrels/test.tsv", "--steps", "4", "--evaluate", "2", "--batch", "8", "--layers",
            "1",
            "--untried")
        trained.expectSuccess()
        #expect(trained.output.contains("4 steps in "))
        #expect(trained.errors.contains("2 of 4 steps") && trained.errors.contains("held out "))
        try run("generator", "set", place, output).expectSuccess()
        try run("generator", "tune", place).expectSentence(1, containing: "it holds no queries of labelled")
        let tuned = try run("generator", "tune", place, "--queries", "spans", "--count", "6", "-q")
        tuned.expectSuccess()
        #expect(tuned.output.contains("MRR@10 of 6 queries "))
        try run("query", place, "how do I feed a sourdough starter", "--retrievers", "ngram", "--generator", "trained")
            .expectSuccess()
        try run("train", "ngram", place, "-o", output, "--queries", Tool.sample + "/queries.jsonl").expectUsage()
        try run("train", "ngram", place, "-o", output, "--steps", "4", "--minutes", "1").expectUsage()
        try run("train", "ngram", place, "-o", output, "--makers", "spans", "--steps", "9", "--layers", "1")
            .expectSentence(1, containing: "other")
        try run("train", "ngram", "/nowhere", "-o", output, "--steps", "1", "--makers", "spans")
            .expectSentence(3, containing: "/nowhere")
    }
}
