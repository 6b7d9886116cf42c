import BuiltTool
import Foundation
import Testing

@Suite struct DenseCommandTests {
    private func run(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(arguments, models: Tool.tinyModels)
    }

    @Test("train dense, set, inspect, query, remove") func life() throws {
        let place = Tool.fresh("dense.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
            .expectSuccess()
        let output = Tool.fresh("encoder")
        let (queries, qrels) = (Tool.sample + "/queries.jsonl", Tool.sample + "/qrels/test.tsv")
        try run("train", "dense", place, "-o", output, "--steps", "2").expectSentence(
            1, containing: "nothing to train on")
        let trained = try run(
            "train", "dense", place, "-o", output, "--queries", queries, "--qrels", qrels, "--steps", "30",
            "--evaluate", "10", "--batch", "16", "--learning-rate", "0.001", "--warmup", "2", "--held-out", "0.2")
        trained.expectSuccess()
        #expect(trained.output.contains("30 steps in "))
        #expect(trained.output.contains("MRR@10 of held-out queries by the share of trained weights: 0.0 "))
        let set = try run("dense", "set", place, output)
        set.expectSuccess()
        #expect(set.output.contains("queries by a trained encoder"))
        let inspected = try run("inspect", place, "--verify")
        inspected.expectSuccess()
        #expect(inspected.output.contains("queries by a trained encoder"))
        #expect(inspected.output.contains("query-encoder/model.safetensors"))
        let text = "how do I feed a sourdough starter"
        let found = try run("query", place, text, "--retrievers", "dense")
        found.expectSuccess()
        let removed = try run("dense", "remove", place)
        #expect(removed.output.contains("query-encoder removed"))
        #expect(try run("dense", "remove", place).output.contains("it has no query-encoder"))
        try run("query", place, text, "--retrievers", "dense").expectSuccess()
    }

    @Test("a training that does not help says so") func noGain() throws {
        let place = Tool.fresh("dense.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
            .expectSuccess()
        let output = Tool.fresh("encoder")
        let trained = try run(
            "train", "dense", place, "-o", output, "--queries", Tool.sample + "/queries.jsonl", "--qrels",
            Tool.sample + "/qrels/test.tsv", "--steps", "2", "--batch", "8", "--learning-rate", "1e-12",
            "--held-out", "0.2", "--negatives", "hard", "-q")
        trained.expectSuccess()
        #expect(trained.output.contains("training has not helped: the weights are those of the start"))
        try run("dense", "set", place, output).expectSuccess()
    }

    @Test("a training becomes a job, and nothing is trained", arguments: ["ngram", "dense"]) func export(kind: String)
        throws
    {
        let place = Tool.fresh("dense.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
            .expectSuccess()
        let job = Tool.fresh("job")
        let command = [
            "train", kind, place, "--queries", Tool.sample + "/queries.jsonl", "--qrels",
            Tool.sample + "/qrels/test.tsv", "--export", job, "--minutes", "3",
        ]
        let exported = try Tool.run(command, models: Tool.tinyModels)
        exported.expectSuccess()
        #expect(exported.output.contains("python -m genret_trainer \(job) -o FOLDER"))
        let files = try FileManager.default.subpathsOfDirectory(atPath: job).filter { $0.hasSuffix(".safetensors") }
        let encoder = kind == "ngram" ? ["encoder/model.safetensors"] : []
        #expect(files.sorted() == (["data.safetensors", "start/model.safetensors"] + encoder).sorted())
        try Tool.run(command, models: Tool.tinyModels).expectSentence(1, containing: "stands there already")
        try Tool.run(command + ["-o", job], models: Tool.tinyModels).expectUsage(
            containing: "either --output or --export")
        try run("train", kind, place).expectUsage(containing: "either --output or --export")
    }

    @Test("what cannot be done is said") func refusals() throws {
        let index = try Tool.index.get()
        let (queries, qrels) = (Tool.sample + "/queries.jsonl", Tool.sample + "/qrels/test.tsv")
        try run("dense", "set", index, Tool.tinyModels + "/tiny_bert").expectSentence(
            1, containing: "without an encoder")
        try run("dense", "set", Tool.fresh("absent"), Tool.tinyModels + "/tiny_bert").expectSentence(
            3, containing: "absent")
        try run("train", "dense", index, "-o", Tool.fresh("x"), "--queries", queries, "--qrels", qrels)
            .expectSentence(1, containing: "without an encoder")
        try run("train", "dense", index, "-o", Tool.fresh("x"), "--negatives", "some").expectUsage()
        try run("train", "dense", index, "-o", Tool.fresh("x"), "--temperature", "0").expectUsage()
        try run("train", "dense", index, "-o", Tool.fresh("x"), "--checkpoint-interval", "0").expectUsage()
    }
}
