import Foundation
import Memory
import TestSupport
import Testing
import Transformers

@Suite("Damaged GGUF files throw, and never trap") struct GGUFDamageTests {
    /// Opens and reads whatever can be read.
    private func exercise(_ bytes: [UInt8]) throws {
        let checkpoint = try Checkpoint(gguf: FrozenArray(bytes), path: "damaged.gguf")
        for tensor in checkpoint.tensors {
            _ = try? checkpoint.floats(tensor.name, shape: tensor.shape)
        }
        _ = try? checkpoint.tokenizerJSON()
    }

    private func refused(
        _ change: (inout GGUFBuilder) -> Void, location: SourceLocation = #_sourceLocation
    ) {
        var builder = GGUFBuilder()
        change(&builder)
        let error = #expect(throws: ModelError.self, sourceLocation: location) { try builder.open() }
        #expect(error?.description.contains("test.gguf") == true, sourceLocation: location)
    }

    @Test func sound() throws {
        #expect(try GGUFBuilder().open().tensors.count == 1)
        var two = GGUFBuilder()
        two.version = 2
        #expect(try two.open().contains("model.embed_tokens.weight"))
    }

    @Test func headers() {
        for version: UInt32 in [0, 1, 4, 0x0300_0000, .max] { refused { $0.version = version } }
        for count: UInt64 in [9, 1_000, 1 << 32, .max] {
            refused { $0.tensorCount = count }
            refused { $0.pairCount = count }
        }
        refused { $0.pairs = [] }
        refused { $0.set("general.architecture", .string("mamba")) }
        refused { $0.set("llama.expert_count", .u32(8)) }
        refused { $0.pairs.append($0.pairs[0]) }
        refused { $0.set("general.alignment", .u32(0)) }
        refused { $0.set("general.alignment", .u32(24)) }
        refused { $0.set("general.alignment", .string("32")) }
    }

    @Test func sizes() {
        for key in ["embedding_length", "block_count", "context_length", "attention.head_count"] {
            refused { $0.set("llama.\(key)", .u32(0)) }
            refused { $0.set("llama.\(key)", .u32(.max)) }
            refused { $0.set("llama.\(key)", .string("x")) }
            refused { builder in builder.pairs.removeAll { $0.0 == "llama.\(key)" } }
        }
        refused { $0.set("llama.rope.freq_base", .f32(.nan)) }
        refused { $0.set("llama.rope.freq_base", .f32(-1)) }
    }

    @Test func values() {
        let many = GGUFBuilder.little(UInt64.max)
        for type: UInt32 in [13, 99, .max] { refused { $0.set("x", .raw(type, [0, 0, 0, 0])) } }
        refused { $0.set("x", .raw(7, [2])) }
        refused { $0.set("x", .raw(8, many)) }
        refused { $0.set("x", .raw(8, GGUFBuilder.little(UInt64(1)) + [0xFF])) }
        for element: UInt32 in 0...13 {
            refused { $0.set("x", .raw(9, GGUFBuilder.little(element) + many)) }
            refused { $0.set("x", .raw(9, GGUFBuilder.little(element) + GGUFBuilder.little(UInt64(1) << 40))) }
        }
        let nested = (0..<64).flatMap { _ in GGUFBuilder.little(UInt32(9)) + GGUFBuilder.little(UInt64(1)) }
        refused { $0.set("x", .raw(9, nested)) }
    }

    @Test func tensors() {
        refused { $0.tensors = [] }
        refused { $0.tensors.append(.init("token_embd.weight", [32, 4])) }
        refused { $0.tensors.append(.init("a", [1, 1, 1, 1, 1])) }
        refused { $0.tensors.append(.init("a", [1 << 62, 8])) }
        refused { $0.tensors.append(.init("a", [1 << 62], bytes: [])) }
        refused { $0.tensors.append(.init("a", [.max], bytes: [])) }
        refused { $0.tensors.append(.init("a", [8], offset: 1 << 40)) }
        refused { $0.tensors.append(.init("a", [8], offset: .max - 31)) }
        refused { $0.tensors.append(.init("a", [8], offset: 4)) }
        refused { $0.tensors.append(.init("a", [8], offset: 0)) }
        refused { $0.tensors.append(.init("a", [33], type: 8)) }
        refused { $0.tensors.append(.init("a", [128], type: 12)) }
        var builder = GGUFBuilder()
        builder.tensors.append(.init("a", [256], type: 11))
        let error = #expect(throws: ModelError.self) { try builder.open() }
        #expect(error?.description.contains("Q3_K") == true)
    }

    @Test("Shapes and numbers that a layer does not expect") func reading() throws {
        var builder = GGUFBuilder()
        builder.tensors.append(.init("blk.0.attn_q.weight", [32, 12]))
        builder.tensors.append(.init("output_norm.weight", [8], bytes: [UInt8](repeating: 0xFF, count: 32)))
        let checkpoint = try builder.open()
        #expect(throws: ModelError.self) { try checkpoint.floats("absent", shape: [1]) }
        #expect(throws: ModelError.self) { try checkpoint.floats("model.norm.weight", shape: [9]) }
        #expect(throws: ModelError.self) {
            try checkpoint.floats("model.layers.0.self_attn.q_proj.weight", shape: [12, 32])
        }
        let error = #expect(throws: ModelError.self) {
            try checkpoint.floats("model.norm.weight", shape: [8])
        }
        #expect(error?.description.contains("model.norm.weight") == true)
        #expect(try checkpoint.floats("model.norm.weight", shape: [8], allowingNonFinite: true).count == 8)
    }

    @Test("Cut and changed files") func fuzz() throws {
        let original = Array(try Data(contentsOf: Fixture.url("tiny_llama.gguf")))
        var generator = SeededGenerator(seed: 12)
        for length in stride(from: 0, to: original.count - 32, by: 997) {
            #expect(throws: ModelError.self) { try exercise(Array(original.prefix(length))) }
        }
        for _ in 0..<600 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // The metadata and the descriptions of tensors come first.
                bytes[Int.random(in: 0..<8_000, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            try? exercise(bytes)
        }
    }
}
