import CKernels
import Memory
import Tensors

extension TransformerStack {
    /// The states of a step's rows into `scratch.states` [rows × d], before the final norm; their
    /// keys and values go to the cache.
    func decode(
        _ step: DecoderRows, _ cache: KeyValueCache, _ memories: [CrossMemory],
        _ rotation: RotaryTable?, _ scratch: StackScratch, probe: AttentionProbe? = nil
    ) {
        let rows = step.rows.count
        scratch.reserve(rows: rows)
        embed(step, scratch)
        if let norm = weights.embeddingNorm { normalize(scratch.states.base, rows: rows, norm) }
        let attention = DecoderAttention(
            configuration: configuration, step: step, cache: cache,
            biases: relativeBiases(longest: step.longest), rotation: rotation, probe: probe)
        let runs = step.runs
        for (index, layer) in weights.layers.enumerated() {
            sublayer(rows: rows, layer.attentionNorm, scratch) { input, output, adds in
                layer.queryKeyValue.apply(
                    rows: rows, input, into: scratch.queryKeyValue.base, scratch.products)
                attention.store(layer: index, scratch)
                attention.attend(layer: index, scratch)
                layer.attentionOutput.apply(
                    rows: rows, scratch.context.base, into: output, adds: adds, scratch.products)
            }
            if let cross = layer.cross {
                sublayer(rows: rows, cross.norm, scratch) { input, output, adds in
                    cross.query.apply(
                        rows: rows, input, into: scratch.queryKeyValue.base, scratch.products)
                    for run in runs {
                        attend(run.rows, to: memories[run.source], layer: index, scratch)
                    }
                    cross.output.apply(
                        rows: rows, scratch.context.base, into: output, adds: adds, scratch.products)
                }
            }
            feedForward(rows: rows, layer, scratch)
        }
    }

    /// The embeddings of a step's tokens into `scratch.states`, before the norm.
    private func embed(_ step: DecoderRows, _ scratch: StackScratch) {
        let (states, d) = (scratch.states.base, configuration.width)
        guard let wordMap = weights.wordMap else {
            for (index, row) in step.rows.enumerated() {
                embed(row.token, at: row.position, into: states + index * d)
            }
            return
        }
        let vocabulary = weights.words.count / d
        let words = scratch.side.base
        for (index, row) in step.rows.enumerated() {
            // What a start's row is mapped to is not used; any word will do.
            let word = Int(row.token) < vocabulary ? Int(row.token) : 0
            (words + index * d).update(from: weights.words.unsafeBase + word * d, count: d)
        }
        wordMap.map.apply(rows: step.rows.count, words, into: states, scratch.products)
        for (index, row) in step.rows.enumerated() {
            let state = states + index * d
            if Int(row.token) >= vocabulary {
                state.update(
                    from: wordMap.starts.unsafeBase + (Int(row.token) - vocabulary) * d, count: d)
            }
            if let positions = weights.positions {
                ck_axpy(1, positions.unsafeBase + row.position * d, state, d)
            }
        }
    }

    /// Rows of one source attend to its memory: softmax(Q Kᵀ · scale) V.
    private func attend(
        _ rows: Range<Int>, to memory: CrossMemory, layer: Int, _ scratch: StackScratch
    ) {
        let (a, q, length) = (configuration.headWidth, configuration.queryWidth, memory.length)
        let group = configuration.headCount / configuration.keyHeadCount
        let queries = scratch.queryKeyValue.base + rows.lowerBound * q
        let context = scratch.context.base + rows.lowerBound * q
        // Small products: a part has enough heads to be worth another thread.
        let part = max(1, 65_536 / max(1, rows.count * length * a))
        let heads = configuration.headCount
        scratch.team.run((heads + part - 1) / part) { index in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * length) { memory_ in
                guard let scores = memory_.baseAddress else { return }
                for head in index * part..<min(heads, (index + 1) * part) {
                    ck_gemm(
                        rows.count, length, a, configuration.attentionScale, queries + head * a, q, 1,
                        memory.keys(layer: layer, head: head / group), 0, scores, length, nil)
                    ck_softmax_rows(scores, rows.count, length, length)
                    ck_gemm(
                        rows.count, a, length, 1, scores, length, 1,
                        memory.values(layer: layer, head: head / group), 0, context + head * a, q, nil)
                }
            }
        }
    }
}
