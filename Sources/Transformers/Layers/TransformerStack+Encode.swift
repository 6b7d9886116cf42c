import CKernels
import Memory
import Tensors

extension TransformerStack {
    /// The states of whole texts, every token seeing every other, into `scratch.states`
    /// [tokens × d], text after text.
    ///
    /// Every text must have at least one token, at most the longest that the configuration allows,
    /// each in the vocabulary.
    func encode(_ texts: some Collection<[Int32]>, _ scratch: StackScratch) {
        let rows = texts.reduce(0) { $0 + $1.count }
        guard rows > 0 else { return }
        scratch.reserve(rows: rows)
        var row = scratch.states.base
        for text in texts {
            for (position, token) in text.enumerated() {
                embed(token, at: position, into: row)
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
        let packedCount = max(ck_gemm_packed_count(a, length), ck_gemm_packed_count(length, a))
        let rows = scratch.queryKeyValue.base + start * stride
        withUnsafeTemporaryAllocation(of: Float.self, capacity: length * length + packedCount) { memory in
            guard let scores = memory.baseAddress else { return }
            let packed = scores + length * length
            for head in 0..<configuration.headCount {
                let keys = rows + q + head / group * a
                ck_gemm_pack(keys, 1, stride, a, length, packed)
                ck_gemm(
                    length, length, a, configuration.attentionScale, rows + head * a, stride, 1,
                    packed, 0, scores, length, nil)
                addBiases(head, length, scores)
                ck_softmax_rows(scores, length, length, length)
                ck_gemm_pack(keys + k, stride, 1, length, a, packed)
                ck_gemm(
                    length, a, length, 1, scores, length, 1, packed, 0,
                    scratch.context.base + start * q + head * a, q, nil)
            }
        }
    }

    private func addBiases(_ head: Int, _ length: Int, _ scores: UnsafeMutablePointer<Float>) {
        guard let biases else { return }
        let row = biases.unsafeBase + head * (2 * longest - 1) + longest - 1
        for query in 0..<length { ck_axpy(1, row - query, scores + query * length, length) }
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
