import CKernels
import Memory
import Tensors

extension TransformerStack {
    /// The states of whole texts, every token seeing every other, into `scratch.states`
    /// [tokens × d], text after text.
    ///
    /// Every text must have at least one token, at most the longest that the configuration allows,
    /// each in the vocabulary.
    ///
    /// - Parameter seconds: where in each text a second one begins; nil where texts are single.
    func encode(_ texts: some Collection<[Int32]>, seconds: [Int]? = nil, _ scratch: StackScratch) {
        let rows = texts.reduce(0) { $0 + $1.count }
        guard rows > 0 else { return }
        scratch.reserve(rows: rows)
        var row = scratch.states.base
        for (number, text) in texts.enumerated() {
            let second = seconds?[number] ?? .max
            for (position, token) in text.enumerated() {
                embed(token, at: position, segment: position < second ? 0 : 1, into: row)
                row += configuration.width
            }
        }
        if let norm = weights.embeddingNorm { normalize(scratch.states.base, rows: rows, norm) }
        let attention = EncoderAttention(self, lengths: texts.map(\.count))
        for layer in weights.layers {
            sublayer(rows: rows, layer.attentionNorm, scratch) { input, output, adds in
                layer.queryKeyValue.apply(
                    rows: rows, input, into: scratch.queryKeyValue.base, scratch.products)
                scratch.team.run(attention.lengths.count) { attention.attend(text: $0, scratch) }
                layer.attentionOutput.apply(
                    rows: rows, scratch.context.base, into: output, adds: adds, scratch.products)
            }
            feedForward(rows: rows, layer, scratch)
        }
        if let norm = weights.finalNorm { normalize(scratch.states.base, rows: rows, norm) }
    }
}

/// softmax(Q Kᵀ · scale + bias) V for each head and text.
private struct EncoderAttention {
    let configuration: StackConfiguration
    let lengths: [Int]
    let starts: [Int]
    let longest: Int
    /// Biases by distance, [heads × (2 · longest - 1)].
    let biases: FrozenArray<Float>?

    init(_ stack: TransformerStack, lengths: [Int]) {
        configuration = stack.configuration
        self.lengths = lengths
        var start = 0
        starts = lengths.map { length in
            defer { start += length }
            return start
        }
        longest = lengths.max() ?? 1
        biases = stack.relativeBiases(longest: longest)
    }

    func attend(text: Int, _ scratch: StackScratch) {
        let (start, length) = (starts[text], lengths[text])
        let (a, q, k) = (configuration.headWidth, configuration.queryWidth, configuration.keyWidth)
        let stride = q + 2 * k
        let group = configuration.headCount / configuration.keyHeadCount
        let (keysCount, valuesCount) = (ck_gemm_packed_count(a, length), ck_gemm_packed_count(length, a))
        // The scores of some queries at a time stay in the first cache until the values are summed by them.
        let most = max(1, min(length, Self.queriesAtOnce))
        let rows = scratch.queryKeyValue.base + start * stride
        withUnsafeTemporaryAllocation(of: Float.self, capacity: most * length + keysCount + valuesCount) { memory in
            guard let scores = memory.baseAddress else { return }
            let packedKeys = scores + most * length
            let packedValues = packedKeys + keysCount
            for head in 0..<configuration.headCount {
                if head % group == 0 {
                    let keys = rows + q + head / group * a
                    ck_gemm_pack(keys, 1, stride, a, length, packedKeys)
                    ck_gemm_pack(keys + k, stride, 1, length, a, packedValues)
                }
                let queries = rows + head * a
                let context = scratch.context.base + start * q + head * a
                for first in Swift.stride(from: 0, to: length, by: most) {
                    let count = min(most, length - first)
                    ck_gemm(
                        count, length, a, configuration.attentionScale, queries + first * stride, stride, 1,
                        packedKeys, 0, scores, length, nil)
                    addBiases(head, first..<first + count, length, scores)
                    ck_softmax_rows(scores, count, length, length)
                    ck_gemm(
                        count, a, length, 1, scores, length, 1, packedValues, 0, context + first * q, q, nil)
                }
            }
        }
    }

    /// A multiple of the rows that the product's kernels take together.
    private static let queriesAtOnce = 48

    private func addBiases(
        _ head: Int, _ queries: Range<Int>, _ length: Int, _ scores: UnsafeMutablePointer<Float>
    ) {
        guard let biases else { return }
        let row = biases.unsafeBase + head * (2 * longest - 1) + longest - 1
        for query in queries { ck_axpy(1, row - query, scores + (query - queries.lowerBound) * length, length) }
    }
}

extension TransformerStack {
    /// The biases of distances up to `longest`, where positions are relative.
    func relativeBiases(longest: Int) -> FrozenArray<Float>? {
        guard let table = weights.relativeBias else { return nil }
        switch configuration.positions {
        case .relative(let relative), .learnedAndRelative(_, _, let relative):
            return relative.biases(table, heads: configuration.headCount, longest: longest)
        case .learned, .rotary: return nil
        }
    }
}
