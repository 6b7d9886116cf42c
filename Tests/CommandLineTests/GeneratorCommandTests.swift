import BuiltTool
import Foundation
import Testing

@Suite struct GeneratorCommandTests {
    private func run(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(arguments, models: Tool.tinyModels)
    }

    @Test("set, inspect, query, remove") func life() throws {
        let place = Tool.fresh("generator.genret")
        try run("index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "3")
            .expectSuccess()
        let generator = Tool.tinyModels + "/tiny_generator"
        try run("query", place, "bread", "--retrievers", "ngram", "--generator", "trained")
            .expectSentence(1, containing: "the index has no generator")
        let set = try run("part", "set", place, "generator", generator)
        set.expectSuccess()
        #expect(set.output.contains("2 layers for body, title, question"))
        let weights = try run("part", "estimate", place, "fusion", "--count", "3", "-q")
        weights.expectSuccess()
        #expect(weights.output.contains(": fusion: bm25 ") && weights.output.contains("nDCG@10 of 3 queries"))
        let inspected = try run("inspect", place, "--verify")
        inspected.expectSuccess()
        #expect(inspected.output.contains("generator      a generator of 2 layers for body, title, question"))
        #expect(inspected.output.contains("generator/model.safetensors"))
        #expect(inspected.output.contains("(3 queries, with generator)"))
        for option in [
            [], ["--generator", "trained"], ["--generator", "untrained"], ["--generator-precision", "float32"],
        ] {
            let found = try Tool.run(
                ["query", place, "how do I feed a sourdough starter", "--retrievers", "ngram", "--beam", "4"] + option,
                models: Tool.tinyModels)
            found.expectSuccess()
            #expect(found.output.contains(" 1  "))
        }
        try run("query", place, "bread", "--generator", "other").expectUsage()
        let topics = try Tool.write("queries.tsv", "1\thow to bake bread\n")
        let searched = try run(
            "search", place, "--topics", topics, "-o", Tool.fresh("run"), "--retrievers", "ngram", "--hits", "5")
        searched.expectSuccess()
        #expect(searched.errors.contains("trained generator"))
        // The commands of before are understood for one more release.
        try run("generator", "set", place, generator).expectSuccess()
        try run("part", "set", place, "generators", generator).expectSentence(
            1, containing: "there are generator, docids")
        let removed = try run("part", "remove", place, "generator")
        #expect(removed.output.contains("generator removed"))
        #expect(try run("generator", "remove", place).output.contains("it has no generator"))
    }

    @Test("bad folders and indexes") func refusals() throws {
        let index = try Tool.index.get()
        let generator = Tool.tinyModels + "/tiny_generator"
        try run("generator", "set", index, generator).expectSentence(1, containing: "without an encoder")
        try run("generator", "set", Tool.fresh("absent"), generator).expectSentence(3, containing: "absent")
        try run("generator", "set", index).expectUsage()
    }
}
