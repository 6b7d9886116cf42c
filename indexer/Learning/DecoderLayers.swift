import Foundation

/// The pre-norm layers of a small decoder on the tape: self-attention of each target's rows to those
/// before, cross-attention to its source, a feed-forward part, and the norm at the end.
///
/// The tensors are those that ``TransformerStack`` reads: `layers.N.self_attn.q`, and so on.
struct DecoderLayers {
    private let layers: [Layer]
    private let finalNorm: Norm
    private let headCount: Int
    private let epsilon: Float

    private struct Linear {
        let weight: Parameter
        let bias: Parameter?
    }

    private struct Attention {
        let query, key, value, output: Linear
    }

    private struct Norm {
        let gain, bias: Parameter
    }

    private struct Layer {
        let selfNorm, crossNorm, feedForwardNorm: Norm
        let selfAttention, crossAttention: Attention
        let up, down: Linear
    }

    /// Rows that attend to one another within `sequences`, and to the states of sources.
    struct Targets {
        var sequences: Sequences
        /// The encoder's states of all sources.
        var memory: Variable
        var sources: Sequences
        /// The source of each sequence.
        var source: [Int32]
    }

    /// The layers whose tensors a store has.
    init(_ store: ParameterStore, layerCount: Int, headCount: Int, epsilon: Float) {
        self.headCount = headCount
        self.epsilon = epsilon
        func linear(_ name: String) -> Linear {
            Linear(weight: store.required(name + ".weight"), bias: store.required(name + ".bias"))
        }
        func norm(_ name: String) -> Norm {
            Norm(gain: store.required(name + ".weight"), bias: store.required(name + ".bias"))
        }
        func attention(_ name: String) -> Attention {
            Attention(
                query: linear(name + ".q"), key: linear(name + ".k"), value: linear(name + ".v"),
                output: linear(name + ".o"))
        }
        layers = (0..<layerCount).map { index in
            let prefix = "layers.\(index)."
            return Layer(
                selfNorm: norm(prefix + "self_norm"), crossNorm: norm(prefix + "cross_norm"),
                feedForwardNorm: norm(prefix + "ff_norm"), selfAttention: attention(prefix + "self_attn"),
                crossAttention: attention(prefix + "cross_attn"), up: linear(prefix + "ff.up"),
                down: linear(prefix + "ff.down"))
        }
        finalNorm = norm("final_norm")
    }

    /// Names and shapes of the tensors of all layers, in order of their use.
    static func shapes(
        layerCount: Int, width d: Int, feedForwardWidth f: Int
    ) -> [(name: String, shape: [Int])] {
        var shapes: [(String, [Int])] = []
        for index in 0..<layerCount {
            let prefix = "layers.\(index)."
            for part in ["self", "cross"] {
                shapes += [(prefix + part + "_norm.weight", [d]), (prefix + part + "_norm.bias", [d])]
                for name in ["q", "k", "v", "o"] {
                    let name = prefix + part + "_attn." + name
                    shapes += [(name + ".weight", [d, d]), (name + ".bias", [d])]
                }
            }
            shapes += [
                (prefix + "ff_norm.weight", [d]), (prefix + "ff_norm.bias", [d]),
                (prefix + "ff.up.weight", [f, d]), (prefix + "ff.up.bias", [f]),
                (prefix + "ff.down.weight", [d, f]), (prefix + "ff.down.bias", [d]),
            ]
        }
        return shapes + [("final_norm.weight", [d]), ("final_norm.bias", [d])]
    }

    /// The last states of all rows, normed.
    ///
    /// - Parameters:
    ///   - dropout: the probability with which an output of a sublayer is dropped.
    ///   - seed: says which are.
    func run(_ x: Variable, _ targets: Targets, dropout: Float = 0, seed: UInt64 = 0, on tape: Tape) -> Variable {
        var x = x
        for (index, layer) in layers.enumerated() {
            func add(_ y: Variable, _ part: UInt64) {
                let seed = seed &+ (UInt64(index) * 3 + part + 1) &* 0x9E37_79B9_7F4A_7C15
                x = tape.add(x, tape.dropout(y, rate: tape.recordsGradients ? dropout : 0, seed: seed))
            }
            add(selfAttention(x, layer, targets, on: tape), 0)
            add(crossAttention(x, layer, targets, on: tape), 1)
            let h = norm(x, layer.feedForwardNorm, on: tape)
            add(apply(layer.down, tape.gelu(apply(layer.up, h, on: tape)), on: tape), 2)
        }
        return norm(x, finalNorm, on: tape)
    }

    private func selfAttention(_ x: Variable, _ layer: Layer, _ targets: Targets, on tape: Tape) -> Variable {
        let h = norm(x, layer.selfNorm, on: tape)
        let parts = layer.selfAttention
        let seen = tape.attention(
            queries: apply(parts.query, h, on: tape), keys: apply(parts.key, h, on: tape),
            values: apply(parts.value, h, on: tape), targets.sequences, heads: headCount,
            scale: scale(x.columns), causal: true)
        return apply(parts.output, seen, on: tape)
    }

    private func crossAttention(_ x: Variable, _ layer: Layer, _ targets: Targets, on tape: Tape) -> Variable {
        let h = norm(x, layer.crossNorm, on: tape)
        let parts = layer.crossAttention
        let seen = tape.crossAttention(
            queries: apply(parts.query, h, on: tape), targets.sequences,
            keys: apply(parts.key, targets.memory, on: tape),
            values: apply(parts.value, targets.memory, on: tape), targets.sources, source: targets.source,
            heads: headCount, scale: scale(x.columns))
        return apply(parts.output, seen, on: tape)
    }

    private func scale(_ width: Int) -> Float { 1 / Float(width / headCount).squareRoot() }

    private func apply(_ layer: Linear, _ x: Variable, on tape: Tape) -> Variable {
        tape.linear(x, layer.weight, bias: layer.bias)
    }

    private func norm(_ x: Variable, _ norm: Norm, on tape: Tape) -> Variable {
        tape.layerNorm(x, gain: norm.gain, bias: norm.bias, epsilon: epsilon)
    }
}
