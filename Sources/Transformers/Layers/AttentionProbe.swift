import Memory

/// Keeps how much attention the rows of one step give to each token that they see, summed over layers and heads: a row of memory for
/// each, so that threads do not meet and the sums do not depend on them.
final class AttentionProbe {
    private let headWeights: [ScratchBuffer]
    private let masses: ScratchBuffer
    private let longest: Int

    /// - Parameters:
    ///   - headWeights: of each layer's heads, [layers × heads].
    ///   - longest: the most tokens that a row sees.
    init(headWeights: [[Float]], rows: Int, longest: Int) {
        self.headWeights = headWeights.map { weights in
            let buffer = ScratchBuffer(count: weights.count)
            for (head, weight) in weights.enumerated() { buffer.base[head] = weight }
            return buffer
        }
        self.longest = longest
        masses = ScratchBuffer(count: rows * longest)
        for place in 0..<rows * longest { masses.base[place] = 0 }
    }

    func weights(layer: Int) -> UnsafePointer<Float> { UnsafePointer(headWeights[layer].base) }

    /// [longest], of which a row at position p fills the first p + 1.
    func mass(row: Int) -> UnsafeMutablePointer<Float> { masses.base + row * longest }
}
