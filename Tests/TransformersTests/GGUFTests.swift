import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Text
import Transformers

@Suite struct GGUFTests {
    @Test("Blocks are those of the gguf package") func blocks() throws {
        let cases = try #require(Fixture.json("gguf_blocks.json").array)
        #expect(cases.count == 8)
        for item in cases {
            let name = item["name"]?.string ?? ""
            let type = UInt32(try #require(item["type"]?.int))
            let digits = Array(try #require(item["bytes"]?.string))
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0..<$0 + 2]), radix: 16)
            }
            let expected = item.floats("values")
            var builder = GGUFBuilder()
            builder.tensors.append(
                .init("blocks", [UInt64(expected.count)], type: type, bytes: bytes))
            let values = try builder.open().floats("blocks", shape: [expected.count]).toArray()
            let largest = expected.map { abs($0) }.max() ?? 0
            for (x, y) in zip(values, expected) {
                #expect(abs(x - y) <= 1e-6 * largest, "\(name)")
            }
        }
    }

    @Test("A converted checkpoint is the original", arguments: ["tiny_llama", "tiny_qwen2"])
    func conversion(name: String) throws {
        let original = try Checkpoint(contentsOf: Fixture.url(name))
        let converted = try Checkpoint(contentsOf: Fixture.url("\(name).gguf"))
        #expect(Set(original.tensors.map(\.name)) == Set(converted.tensors.map(\.name)))
        #expect(name != "tiny_llama" || Set(converted.tensors.map(\.type)) == ["F32", "F16", "BF16", "Q8_0"])
        for tensor in converted.tensors {
            let shape = try #require(original.shape(of: tensor.name))
            #expect(tensor.shape == shape)
            let (x, y) = (
                try original.floats(tensor.name, shape: shape).toArray(),
                try converted.floats(tensor.name, shape: shape).toArray()
            )
            let tolerance: Float =
                switch tensor.type {
                case "F32": 0
                case "F16": 1e-3
                default: 8e-3
                }
            let largest = x.map { abs($0) }.max() ?? 0
            #expect(zip(x, y).allSatisfy { abs($0 - $1) <= tolerance * largest })
        }
        for key in [
            "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "vocab_size",
            "num_attention_heads", "num_key_value_heads", "rms_norm_eps", "rope_theta",
            "max_position_embeddings", "bos_token_id", "eos_token_id", "hidden_act",
        ] {
            #expect(
                original.configuration[key]?.bytes() == converted.configuration[key]?.bytes(), "\(key)")
        }
        #expect(converted.configuration["tie_word_embeddings"]?.bool == true)
        #expect(converted.configuration["attention_bias"]?.bool == (name == "tiny_qwen2"))
        #expect(try converted.chatTemplate() == "{{ messages }}")
    }

    @Test("A converted model computes what the original does", arguments: ["tiny_llama", "tiny_qwen2"])
    func model(name: String) throws {
        let (original, converted) = (
            try TinyModel.load(name).session([[5, 6, 7]]), try TinyModel.load(name + ".gguf").session([[5, 6, 7]])
        )
        let given: [Int32] = [8, 9, 10, 11, 12]
        let (x, y) = (original.distributions(of: given).values, converted.distributions(of: given).values)
        // The llama's tensors lost a part when they were stored in fewer bits.
        let tolerance: Float = name == "tiny_qwen2" ? 0 : 0.2
        #expect(x.count == y.count && zip(x, y).allSatisfy { abs($0 - $1) <= tolerance })
    }

    @Test func tokenizer() throws {
        let json = try JSONValue(
            parsing: Array(Checkpoint(contentsOf: Fixture.url("tiny_llama.gguf")).tokenizerJSON()))
        #expect(json["model"]?["vocab"]?.members?.count == 220)
        #expect(json["model"]?["merges"]?.array?.count == 9)
        let added = json["added_tokens"]?.array ?? []
        #expect(added.map { $0["content"]?.string } == ["<s>", "</s>"])
        let single = json["post_processor"]?["single"]?.array ?? []
        #expect(single.count == 2 && single[0]["SpecialToken"]?["id"]?.string == "<s>")
        #expect(json["post_processor"]?["special_tokens"]?["<s>"]?["ids"]?.array?.first?.int == 1)
        let parts = json["pre_tokenizer"]?["pretokenizers"]?.array ?? []
        #expect(parts.map { $0["type"]?.string } == ["Digits", "ByteLevel"])
    }

    @Test("Vocabularies", arguments: ["default", "gpt-2", "llama-bpe", "qwen2", "mystery"])
    func styles(name: String) throws {
        var builder = GGUFBuilder()
        builder.set("tokenizer.ggml.model", .string("gpt2"))
        builder.set("tokenizer.ggml.pre", .string(name))
        builder.set("tokenizer.ggml.tokens", .strings(["a", "b", "ab", "<end>"]))
        builder.set("tokenizer.ggml.merges", .strings(["a b"]))
        builder.set("tokenizer.ggml.token_type", .i32s([1, 1, 1, 3]))
        builder.set("tokenizer.ggml.bos_token_id", .u32(3))
        builder.set("tokenizer.ggml.eos_token_id", .u32(3))
        builder.set("tokenizer.ggml.eot_token_id", .u32(2))
        let checkpoint = try builder.open()
        #expect(checkpoint.generation?["eos_token_id"]?.array?.compactMap(\.int) == [3, 2])
        guard name != "mystery" else {
            #expect(throws: ModelError.self) { try checkpoint.tokenizerJSON() }
            return
        }
        let json = try JSONValue(parsing: Array(checkpoint.tokenizerJSON()))
        #expect(json["model"]?["ignore_merges"]?.bool == (name == "llama-bpe"))
        #expect(json["normalizer"]?["type"]?.string == (name == "qwen2" ? "NFC" : nil))
        builder.set("tokenizer.ggml.model", .string("llama"))
        let error = #expect(throws: ModelError.self) { try builder.open().tokenizerJSON() }
        #expect(error?.description.contains("tokenizer.json") == true)
    }

    @Test func scaling() throws {
        var builder = GGUFBuilder(architecture: "qwen2")
        #expect(try builder.open().configuration["rope_scaling"]?.isNull == true)
        builder.set("qwen2.rope.scaling.type", .string("linear"))
        builder.set("qwen2.rope.scaling.factor", .f32(4))
        builder.tensors.append(.init("output.weight", [32, 4]))
        let configuration = try builder.open().configuration
        #expect(configuration["rope_scaling"]?["factor"]?.number == 4)
        #expect(configuration["tie_word_embeddings"]?.bool == false)
        #expect(configuration["head_dim"]?.int == 8)
    }
}
