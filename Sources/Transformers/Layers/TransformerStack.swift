import CKernels
import Memory
import Tensors

/// The layers of an encoder or a decoder: the parts that both share.
///
/// Sequences are stacked into one matrix of rows without padding; only attention knows where one
/// ends. Every row's result is the same to the last bit whatever rows are computed with it.
struct TransformerStack: Sendable {
    let configuration: StackConfiguration
    let weights: StackWeights
    let scratches: ScratchPool

    init(configuration: StackConfiguration, weights: StackWeights) {
        self.configuration = configuration
        self.weights = weights
        scratches = ScratchPool(configuration)
    }

    /// One token's embedding at a position, into `row` [d]; before the norm.
    func embed(
        _ token: Int32, at position: Int, segment: Int = 0, into row: UnsafeMutablePointer<Float>
    ) {
        let d = configuration.width
        let word = weights.words.unsafeBase + Int(token) * d
        let scale = configuration.embeddingScale
        for i in 0..<d { row[i] = word[i] * scale }
        switch configuration.positions {
        case .learned(_, let offset), .learnedAndRelative(_, let offset, _):
            if let positions = weights.positions {
                ck_axpy(1, positions.unsafeBase + (position + offset) * d, row, d)
            }
        case .relative, .rotary: break
        }
        if let segments = weights.segments, segment * d < segments.count {
            ck_axpy(1, segments.unsafeBase + segment * d, row, d)
        }
    }

    /// Replaces rows by their norm; `residual`, where given, is added before.
    func normalize(
        _ x: UnsafeMutablePointer<Float>, rows: Int, _ norm: NormWeights,
        residual: UnsafePointer<Float>? = nil
    ) {
        let d = configuration.width
        switch configuration.norm {
        case .layer(let epsilon):
            ck_layer_norm_rows(
                x, residual, rows, d, norm.gain.unsafeBase, norm.bias?.unsafeBase, epsilon)
        case .rootMeanSquare(let epsilon):
            if let residual { ck_axpy(1, residual, x, rows * d) }
            ck_rms_norm_rows(x, x, rows, d, norm.gain.unsafeBase, epsilon)
        }
    }

    /// x + f(norm(x)), or norm(x + f(x)), on the rows of `scratch.states`.
    ///
    /// `body` reads its first argument, and writes its output to the second, or adds it where the
    /// third says so.
    func sublayer(
        rows: Int, _ norm: NormWeights, _ scratch: StackScratch,
        _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ adds: Bool) -> Void
    ) {
        let (states, side) = (scratch.states.base, scratch.side.base)
        switch configuration.placement {
        case .before:
            side.update(from: states, count: rows * configuration.width)
            normalize(side, rows: rows, norm)
            body(side, states, true)
        case .after:
            body(states, side, false)
            normalize(states, rows: rows, norm, residual: side)
        }
    }

    /// The feed-forward sublayer, some rows at a time.
    func feedForward(rows: Int, _ layer: LayerWeights, _ scratch: StackScratch) {
        let (d, f) = (configuration.width, configuration.feedForwardWidth)
        let activation = configuration.activation.kernel
        sublayer(rows: rows, layer.feedForwardNorm, scratch) { input, output, adds in
            let intermediate = scratch.intermediate.base
            for first in stride(from: 0, to: rows, by: StackScratch.block) {
                let count = min(StackScratch.block, rows - first)
                layer.up.apply(rows: count, input + first * d, into: intermediate, scratch.products)
                var activated = intermediate
                if configuration.isGated { activated = scratch.gated.base }
                // A few rows a part: one thread's share of a decoding step is not worth dividing.
                let part = max(16, (count + scratch.team.threads - 1) / scratch.team.threads)
                scratch.team.run((count + part - 1) / part) { index in
                    let start = index * part
                    let rows = min(part, count - start)
                    if configuration.isGated {
                        ck_gate_rows(
                            activation, intermediate + start * 2 * f, rows, f, activated + start * f)
                    } else {
                        ck_activate(activation, activated + start * f, rows * f)
                    }
                }
                layer.down.apply(
                    rows: count, activated, into: output + first * d, adds: adds, scratch.products)
            }
        }
    }
}
