import CKernels
import Memory
import Tensors

/// The language-model head: logits over the vocabulary, from states after the final norm.
struct OutputLayer: Sendable {
    /// What states are multiplied by.
    let scale: Float
    /// [d × vocabulary], packed.
    let weight: PackedMatrix
    /// [vocabulary × d], for the logits of a few tokens.
    let rows: FrozenArray<Float>
    let bias: FrozenArray<Float>?  // [vocabulary]

    init(
        _ loader: WeightLoader, _ head: ModelConfiguration.Output, _ names: ModelNames,
        _ words: FrozenArray<Float>
    ) throws(ModelError) {
        let (d, vocabulary) = (loader.configuration.width, loader.vocabularySize)
        scale = head.scale
        if !head.isTied, let name = names.output {
            rows = try loader.floats(name + ".weight", [vocabulary, d])
        } else {
            rows = words
        }
        weight = rows.withUnsafeBuffer {
            PackedMatrix(
                transposing: $0, columns: vocabulary, inner: d, precision: loader.precision,
                in: loader.arena)
        }
        if head.hasBias, let name = names.outputBias, let shape = loader.checkpoint.shape(of: name) {
            guard shape == [1, vocabulary] || shape == [vocabulary] else {
                throw .malformed(
                    path: loader.checkpoint.path,
                    reason: "the tensor \(name) has the shape \(shape); expected [1, \(vocabulary)]")
            }
            bias = try loader.floats(name, shape)
        } else {
            bias = nil
        }
    }

    /// A head of given rows [vocabulary × d].
    init(rows: FrozenArray<Float>, bias: FrozenArray<Float>, precision: Precision, in arena: HeapArena) {
        scale = 1
        self.rows = rows
        self.bias = bias
        let (vocabulary, d) = (bias.count, rows.count / max(1, bias.count))
        weight = rows.withUnsafeBuffer {
            PackedMatrix(transposing: $0, columns: vocabulary, inner: d, precision: precision, in: arena)
        }
    }

    var vocabularySize: Int { weight.columns }

    /// All logits of states [count × d], which are scaled in place.
    func logits(
        _ states: UnsafeMutablePointer<Float>, count: Int, into logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch
    ) {
        scaleStates(states, count)
        multiply(states, count: count, into: logits, scratch)
    }

    /// All logits of scaled states.
    func multiply(
        _ states: UnsafePointer<Float>, count: Int, into logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch
    ) {
        weight.multiply(rows: count, states, into: logits, bias: bias, scratch)
    }

    /// Multiplies states [count × d] by ``scale``.
    func scaleStates(_ states: UnsafeMutablePointer<Float>, _ count: Int) {
        guard scale != 1 else { return }
        for i in 0..<count * weight.inner { states[i] *= scale }
    }

    /// The logit of one token for one scaled state [d].
    func logit(_ state: UnsafePointer<Float>, _ token: Int32) -> Float {
        let d = weight.inner
        return ck_dot(state, rows.unsafeBase + Int(token) * d, d) + (bias.map { $0[Int(token)] } ?? 0)
    }
}
