import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite("Divisors of rotary angles") struct RotaryDivisorTests {
    /// What llama.cpp's converter writes for Llama 3's scaling.
    private func divisors(base: Double, width: Int, factor: Double, low: Double, high: Double, original: Double)
        -> [Float]
    {
        (0..<width / 2).map { pair in
            let wave = 2 * .pi * pow(base, Double(2 * pair) / Double(width))
            if wave < original / high { return 1 }
            if wave > original / low { return Float(factor) }
            let smooth = (original / wave - low) / (high - low)
            return Float(1 / ((1 - smooth) / factor + smooth))
        }
    }

    @Test("They say what Llama 3's scaling says", arguments: [(500_000.0, 128), (10_000.0, 64), (100.0, 16)])
    func llama3(base: Double, width: Int) {
        let scaled = RotaryPositions(
            base: base, scaling: .llama3(factor: 8, low: 1, high: 4, original: 8_192)
        ).angles(width: width)
        let divided = RotaryPositions(base: base).angles(
            width: width,
            dividedBy: divisors(base: base, width: width, factor: 8, low: 1, high: 4, original: 8_192))
        #expect(scaled.count == width / 2)
        for (x, y) in zip(scaled, divided) { #expect(abs(x - y) <= 1e-6 * x) }
    }

    /// A model of one layer with heads of 8 and random weights.
    private func builder() -> GGUFBuilder {
        var generator = SeededGenerator(seed: 11)
        func tensor(_ name: String, _ dimensions: [UInt64], around middle: Float = 0) -> GGUFBuilder.Tensor {
            let count = Int(dimensions.reduce(1, *))
            return .init(
                name, dimensions,
                bytes: (0..<count).flatMap { _ in
                    GGUFBuilder.little((middle + Float.random(in: -0.5...0.5, using: &generator)).bitPattern)
                })
        }
        var builder = GGUFBuilder()
        builder.tensors = [
            tensor("token_embd.weight", [32, 40]), tensor("output_norm.weight", [32], around: 1),
            tensor("blk.0.attn_norm.weight", [32], around: 1), tensor("blk.0.ffn_norm.weight", [32], around: 1),
            tensor("blk.0.attn_q.weight", [32, 32]), tensor("blk.0.attn_k.weight", [32, 16]),
            tensor("blk.0.attn_v.weight", [32, 16]), tensor("blk.0.attn_output.weight", [32, 32]),
            tensor("blk.0.ffn_gate.weight", [32, 48]), tensor("blk.0.ffn_up.weight", [32, 48]),
            tensor("blk.0.ffn_down.weight", [48, 32]),
        ]
        return builder
    }

    private func divided(by divisors: [Float], _ name: String = "rope_freqs.weight") -> GGUFBuilder {
        var builder = builder()
        builder.tensors.append(
            .init(name, [UInt64(divisors.count)], bytes: divisors.flatMap { GGUFBuilder.little($0.bitPattern) }))
        return builder
    }

    private func logProbs(_ builder: GGUFBuilder) throws -> [Float] {
        let session = try TransformerModel(builder.open()).session([[3, 9, 27, 1, 30]])
        return session.distributions(of: [5, 6, 7, 8]).values
    }

    @Test("In a GGUF file") func inFile() throws {
        let plain = try logProbs(builder())
        #expect(try logProbs(divided(by: [1, 1, 1, 1])) == plain)
        var slowed = builder()
        slowed.set("llama.rope.scaling.type", .string("linear"))
        slowed.set("llama.rope.scaling.factor", .f32(4))
        let slow = try logProbs(slowed)
        #expect(try logProbs(divided(by: [4, 4, 4, 4])) == slow)
        #expect(slow != plain)
        #expect(try logProbs(divided(by: [1, 1, 2, 8])) != plain)
    }

    @Test(
        "Refused",
        arguments: [[1], [1, 1, 1], [1, 1, 1, 0], [1, 1, -1, 1], [1, .nan, 1, 1], [1, 1, 1, 1, 1]] as [[Float]])
    func refused(divisors: [Float]) throws {
        let checkpoint = try divided(by: divisors).open()
        let error = #expect(throws: ModelError.self) { try TransformerModel(checkpoint) }
        #expect(error?.description.contains("rope_freqs.weight") == true)
    }
}
