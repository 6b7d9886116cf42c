import BuiltTool
import Foundation
import Testing

/// `genret model` on small checkpoints, and on SmolLM2 where the machine has it.
@Suite struct ModelCommandTests {
    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "TransformersTests/Fixtures").path

    private static let smolLM2: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["GENRET_MODELS"]
            ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/genret/models"
        let folder = cache + "/SmolLM2-135M-Instruct"
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    private func fixture(_ name: String) -> String { Self.fixtures + "/" + name }

    /// A copy of a checkpoint whose tokenizer knows "</s>" and the words w2, w3 and so on.
    private func withWords(_ name: String) throws -> String {
        let place = Tool.fresh(name)
        try FileManager.default.copyItem(atPath: fixture(name), toPath: place)
        let words = (2..<200).map { "\"w\($0)\": \($0)" }.joined(separator: ", ")
        let tokenizer = """
            {"version": "1.0", "added_tokens": [{"id": 1, "content": "</s>", "special": true,
            "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
            "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
            "decoder": null, "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "</s>": 1, \(words)}, "unk_token": "<unk>"}}
            """
        try Data(tokenizer.utf8).write(to: URL(filePath: place + "/tokenizer.json"))
        return place
    }

    private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
        outcome.expectSuccess()
        return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test(
        "Inspect",
        arguments: [
            ("tiny_bert", "sentence encoder"), ("tiny_t5", "nothing: "), ("tiny_bart", "nothing: "),
            ("tiny_mpnet", "nothing: "), ("tiny_llama", "nothing: "), ("tiny_llama.gguf", "text generator"),
            ("tiny_qwen2.gguf", "text generator"),
        ])
    func inspect(name: String, use: String) throws {
        let outcome = try Tool.run("model", "inspect", fixture(name), "--tensors")
        outcome.expectSuccess()
        for part in ["family", "2 layers, width 32", "weights", "embed", use] {
            #expect(outcome.output.contains(part), "\(outcome.output)")
        }
        if name == "tiny_t5" { #expect(outcome.output.contains("tokenizer.json: No such file")) }
        let summary = try json(Tool.run("model", "inspect", fixture(name), "--json"))
        #expect((summary["use"] == nil) == use.hasPrefix("nothing"))
        #expect((summary["problem"] == nil) == (summary["use"] != nil))
        #expect(summary["tensors"] == nil && (summary["parameters"] as? Int ?? 0) > 10_000)
    }

    @Test("Models that cannot be run are shown with the reason") func foreign() throws {
        let place = Tool.fresh("foreign")
        try FileManager.default.copyItem(atPath: fixture("tiny_llama"), toPath: place)
        try Data("{\"model_type\": \"mamba\"}".utf8).write(to: URL(filePath: place + "/config.json"))
        let outcome = try Tool.run("model", "inspect", place)
        outcome.expectSuccess()
        #expect(outcome.output.contains("mamba, safetensors"))
        #expect(outcome.output.contains("nothing: \(place): model_type is mamba; expected one of bert"))
        #expect(try json(Tool.run("model", "inspect", place, "--json"))["family"] as? String == "mamba")
        for arguments in [
            ["verify", place], ["verify", place, "--precision", "int8"], ["run", place, "w3"], ["add", place],
        ] {
            try Tool.run(["model"] + arguments).expectSentence(1, containing: place, "mamba")
        }
        var gguf = [UInt8](try Data(contentsOf: URL(filePath: fixture("tiny_llama.gguf"))))
        let key = Array("general.architecture".utf8)
        let start = try #require((0..<gguf.count - 64).first { gguf[$0..<$0 + key.count].elementsEqual(key) })
        let value = start + key.count + 12
        gguf.replaceSubrange(value..<value + 5, with: Array("rwkv6".utf8))
        let file = try Tool.write("foreign.gguf", gguf)
        let other = try Tool.run("model", "inspect", file)
        other.expectSuccess()
        #expect(other.output.contains("rwkv6, GGUF") && other.output.contains("the architecture is rwkv6"))
        try FileManager.default.removeItem(atPath: place + "/config.json")
        let bare = try Tool.run("model", "inspect", place)
        bare.expectSuccess()
        #expect(bare.output.contains("unknown, safetensors") && bare.output.contains("config.json"))
    }

    @Test("What is no model") func nothing() throws {
        let absent = Tool.fresh("absent")
        for command in [["inspect"], ["verify"], ["verify", "--precision", "int8"]] {
            try Tool.run(["model"] + command + [absent]).expectSentence(1, containing: absent)
            try Tool.run(["model"] + command + ["all-MiniLM-L6-v2"])
                .expectSentence(1, containing: "genret model fetch all-MiniLM-L6-v2")
            try Tool.run(["model"] + command + [Tool.sample]).expectSentence(1, containing: Tool.sample)
        }
        try Tool.run("model", "run", absent, "text").expectSentence(1, containing: absent)
        try Tool.run("model", "add", absent).expectSentence(1, containing: absent)
        let file = try Tool.write("model.safetensors", "not a model at all")
        for command in ["inspect", "verify", "add"] {
            try Tool.run("model", command, file).expectSentence(1, containing: file)
        }
        let pickle = try Tool.write("pytorch_model.bin", [0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0])
        try Tool.run("model", "inspect", pickle).expectSentence(1, containing: "convert-checkpoint")
    }

    @Test("Verify reads everything") func verify() throws {
        let outcome = try Tool.run("model", "verify", fixture("tiny_bert"))
        outcome.expectSuccess()
        #expect(outcome.output.contains("tensors are as they should be; a sentence encoder"))
        try Tool.run("model", "verify", fixture("tiny_t5")).expectSentence(1, containing: "tokenizer.json")
        let place = try withWords("tiny_t5")
        try Tool.run("model", "verify", place).expectSuccess()
        let file = URL(filePath: place + "/model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
        try bytes.write(to: file)
        try Tool.run("model", "verify", place).expectSentence(1, containing: place, "not a number")
        try bytes.prefix(bytes.count / 2).write(to: file)
        try Tool.run("model", "verify", place).expectSentence(1, containing: place)
    }

    @Test("Precisions are compared", arguments: ["int8", "float16", "bfloat16", "float32"])
    func precisions(precision: String) throws {
        for name in ["tiny_bert", "tiny_t5", "tiny_bart", "tiny_mpnet", "tiny_llama.gguf"] {
            let outcome = try Tool.run("model", "verify", fixture(name), "--precision", precision)
            outcome.expectSuccess()
            #expect(outcome.output.hasPrefix("\(precision) against float32 on "))
            #expect(outcome.output.contains("1 - cosine") == !name.hasSuffix("gguf"))
            #expect(outcome.output.contains("log-probabilities") == !["tiny_bert", "tiny_mpnet"].contains(name))
            #expect(outcome.output.contains("int8 products by") == (precision == "int8"))
        }
        let text = try Tool.write("lines.txt", "w3 w4 w5\n\nw6 w7 w8 w9\n")
        let outcome = try Tool.run(
            "model", "verify", try withWords("tiny_t5"), "--precision", precision, "--text", text)
        outcome.expectSuccess()
        #expect(outcome.output.contains("on 2 texts of 7 tokens"))
    }

    @Test func precisionMistakes() throws {
        try Tool.run("model", "verify", fixture("tiny_bert"), "--precision", "int4").expectUsage(containing: "int4")
        try Tool.run("model", "verify", fixture("tiny_bert"), "--text", "x").expectUsage(containing: "--precision")
        let empty = try Tool.write("lines.txt", "\n\n")
        try Tool.run("model", "verify", fixture("tiny_bert"), "--precision", "int8", "--text", empty)
            .expectSentence(1, containing: empty)
        let absent = Tool.fresh("absent")
        try Tool.run("model", "verify", fixture("tiny_bert"), "--precision", "int8", "--text", absent)
            .expectSentence(1, containing: absent)
        try Tool.run("model", "verify", fixture("tiny_t5"), "--precision", "int8", "--text", empty)
            .expectSentence(1, containing: "tokenizer.json")
    }

    @Test("Run", arguments: ["tiny_t5", "tiny_llama"]) func run(name: String) throws {
        try Tool.run("model", "run", fixture(name), "w3").expectSentence(1, containing: "tokenizer.json")
        let place = try withWords(name)
        let outcome = try Tool.run(
            "model", "run", place, "w3 w4 w5", "--max-tokens", "5", "--results", "3", "--groups", "3", "--diversity",
            "1", "--threads", "2")
        outcome.expectSuccess()
        #expect(outcome.output.split(separator: "\n").count == 3)
        let output = try json(
            Tool.run(
                "model", "run", place, "w3 w4 w5", "--beams", "4", "--results", "2", "--max-tokens", "6",
                "--min-tokens", "2", "--precision", "bfloat16", "--json"))
        #expect(output["source"] as? [Int] == [3, 4, 5])
        let sequences = try #require(output["sequences"] as? [[String: Any]])
        #expect(sequences.count == 2)
        for sequence in sequences {
            let tokens = try #require(sequence["tokens"] as? [Int])
            #expect((2...6).contains(tokens.count) && (sequence["stepLogProbs"] as? [Any])?.count == tokens.count)
        }
        try Tool.run("model", "run", place, "").expectSentence(1, containing: "no tokens")
        try Tool.run("model", "run", place, "w3", "--chat").expectSentence(1, containing: "no chat template")
    }

    @Test("A model of one's own has a name") func adding() throws {
        let name = "own-\(UUID().uuidString)"
        let added = try Tool.run("model", "add", try withWords("tiny_t5"), "--name", name)
        added.expectSuccess()
        #expect(added.output.hasPrefix("\(name): "))
        for command in [["inspect", name], ["verify", name], ["run", name, "w3 w4"]] {
            try Tool.run(["model"] + command).expectSuccess()
        }
        #expect(try Tool.run("model", "list").output.contains(name))
        try Tool.run("model", "add", fixture("tiny_bert"), "--name", name).expectSentence(1, containing: name)
        try Tool.run("model", "remove", name).expectSuccess()
        try Tool.run("model", "inspect", name).expectSentence(1, containing: name)
        try Tool.run("model", "add", fixture("tiny_bart")).expectSentence(1, containing: "tokenizer.json")
    }

    @Test("Only candidates are generated") func candidates() throws {
        let place = try withWords("tiny_t5")
        let lines = ["w10 w11", "w12", "w13 w14 w15", "w12 w16"]
        let file = try Tool.write("candidates.txt", lines.joined(separator: "\n") + "\n\n")
        let output = try json(
            Tool.run("model", "run", place, "w3 w4", "--candidates", file, "--results", "4", "--json"))
        let sequences = try #require(output["sequences"] as? [[String: Any]])
        #expect(Set(sequences.compactMap { $0["text"] as? String }) == Set(lines))
        #expect(sequences.allSatisfy { ($0["tokens"] as? [Int])?.last == 1 })
        let short = try Tool.run(
            "model", "run", place, "w3", "--candidates", file, "--max-tokens", "3", "--results", "4")
        short.expectSuccess()
        #expect(short.errors.contains("left out of the candidates: 1 of more than 3 tokens"))
        #expect(short.output.split(separator: "\n").count == 3)
        try Tool.run("model", "run", place, "w3", "--candidates", file, "--max-tokens", "1")
            .expectSentence(1, containing: file, "more than 1 token")
        let empty = try Tool.write("candidates.txt", " \n")
        try Tool.run("model", "run", place, "w3", "--candidates", empty).expectSentence(1, containing: empty)
        try Tool.run("model", "run", place, "w3", "--candidates", Tool.fresh("absent")).expectSentence(1)
    }

    @Test("Samples are drawn", arguments: ["tiny_t5", "tiny_bart", "tiny_llama"]) func samples(name: String) throws {
        let place = try withWords(name)
        func run(_ more: String...) throws -> [String] {
            let outcome = try Tool.run(["model", "run", place, "w3 w4", "--sample", "--max-tokens", "6"] + more)
            outcome.expectSuccess()
            return outcome.output.split(separator: "\n").map(String.init)
        }
        let drawn = try run("--results", "6")
        #expect(drawn.count == 6 && Set(drawn).count > 1)
        #expect(try run("--results", "6", "--seed", "1") == drawn)
        #expect(try run("--results", "6", "--seed", "2") != drawn)
        let best = try run("--results", "3", "--temperature", "0")
        #expect(Set(best).count == 1)
        #expect(try run("--results", "3", "--top-k", "1") == best)
        #expect(try run("--results", "3", "--top-p", "0.000001") == best)
        let file = try Tool.write("candidates.txt", "w10 w11\nw12\n")
        for line in try run("--results", "5", "--candidates", file, "--temperature", "2") {
            // Two of the models end with token 2, which this tokenizer has as a word.
            let text = line.hasSuffix(" w2") ? line.dropLast(3) : line[...]
            #expect(text.hasSuffix("  w10 w11") || text.hasSuffix("  w12"), "\(line)")
        }
    }

    @Test("Models that do not generate, and options that make no sense") func runMistakes() throws {
        try Tool.run("model", "run", fixture("tiny_bert"), "bread")
            .expectSentence(1, containing: "a model of type bert does not generate")
        for arguments in [
            ["--beams", "0"], ["--results", "3", "--beams", "2"], ["--groups", "2", "--beams", "3"],
            ["--max-tokens", "0"], ["--min-tokens", "9", "--max-tokens", "8"], ["--length-penalty", "nan"],
            ["--diversity", "-1"], ["--system", "x"], ["--temperature", "1"], ["--seed", "1"],
            ["--sample", "--beams", "2"],
            ["--sample", "--temperature", "-1"], ["--sample", "--top-k", "0"], ["--sample", "--top-p", "0"],
            ["--sample", "--top-p", "nan"], ["--sample", "--groups", "2"], ["--precision", "int4"], ["--threads", "0"],
        ] {
            try Tool.run(["model", "run", fixture("tiny_t5"), "w3"] + arguments).expectUsage()
        }
        try Tool.run("model", "run", fixture("tiny_t5")).expectUsage()
    }

    @Test("SmolLM2 answers", .enabled(if: ModelCommandTests.smolLM2 != nil, "SmolLM2 is not installed")) func answers()
        throws
    {
        let place = try #require(Self.smolLM2)
        let outcome = try Tool.run("model", "run", place, "--chat", "What is the capital of France?")
        outcome.expectSuccess()
        #expect(outcome.output.contains("The capital of France is Paris."))
        let file = try Tool.write("cities.txt", "Berlin\nParis\nMadrid\n")
        let chosen = try Tool.run(
            "model", "run", place, "--chat", "What is the capital of France? Answer with one word.", "--candidates",
            file)
        chosen.expectSuccess()
        #expect(chosen.output.hasSuffix("  Paris\n"), "\(chosen.output)")
        let summary = try json(Tool.run("model", "inspect", place, "--json"))
        #expect(summary["use"] as? String == "text generator" && summary["parameters"] as? Int == 134_515_008)
        #expect(summary["chatTemplate"] as? Bool == true && summary["tied"] as? Bool == true)
    }
}
