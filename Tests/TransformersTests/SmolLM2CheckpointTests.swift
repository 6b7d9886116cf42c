import Foundation
import Memory
import Storage
import Testing
import Transformers

@Suite("SmolLM2's file", .enabled(if: Fixture.smolLM2 != nil, "SmolLM2 is not installed")) struct SmolLM2CheckpointTests
{
    private func open() throws -> Checkpoint { try Checkpoint(contentsOf: #require(Fixture.smolLM2)) }

    @Test func configuration() throws {
        let configuration = try open().configuration
        let expected: [(String, Double)] = [
            ("hidden_size", 576), ("intermediate_size", 1_536), ("num_hidden_layers", 30),
            ("num_attention_heads", 9), ("num_key_value_heads", 3), ("head_dim", 64),
            ("rope_theta", 100_000), ("rms_norm_eps", 1e-5), ("vocab_size", 49_152),
            ("max_position_embeddings", 8_192), ("bos_token_id", 1), ("eos_token_id", 2),
        ]
        for (key, value) in expected { #expect(configuration[key]?.number == value, "\(key)") }
        #expect(configuration["tie_word_embeddings"]?.bool == true)
    }

    @Test("Weights are those that transformers makes of it") func weights() throws {
        let checkpoint = try open()
        #expect(checkpoint.tensors.count == 272)
        for item in try Fixture.json("smollm2_reference.json")["weights"]?.array ?? [] {
            let name = try #require(item["name"]?.string)
            let shape = (item["shape"]?.array ?? []).compactMap(\.int)
            let values = try checkpoint.floats(name, shape: shape).toArray()
            for (x, y) in zip(values, item.floats("first")) { #expect(abs(x - y) <= 1e-6 * max(1, abs(y))) }
            let rest = values.suffix(shape.count == 1 ? shape[0] : 2 * shape[1])
            for (x, y) in zip(rest, item.floats("row")) { #expect(abs(x - y) <= 1e-6 * max(1, abs(y))) }
            let magnitude = values.reduce(0) { $0 + Double(abs($1)) }
            let expected = try #require(item["magnitude"]?.number)
            #expect(abs(magnitude - expected) <= 1e-6 * expected, "\(name)")
        }
    }

    @Test func tokenizer() throws {
        let checkpoint = try open()
        let json = try JSONValue(parsing: Array(checkpoint.tokenizerJSON()))
        #expect(json["model"]?["vocab"]?.members?.count == 49_152)
        #expect(json["model"]?["merges"]?.array?.count == 48_900)
        #expect(json["added_tokens"]?.array?.count == 17)
        #expect(try checkpoint.chatTemplate()?.contains("<|im_start|>") == true)
    }
}
