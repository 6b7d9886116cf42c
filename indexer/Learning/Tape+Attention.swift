import CKernels

extension Tape {
    /// softmax(Q Kᵀ · scale) V within each sequence, for each of `heads` heads that lie side by side
    /// in the columns (Vaswani et al. 2017): [rows × d]. Where `causal`, a row sees only itself and
    /// earlier rows.
    package func attention(
        queries: Variable, keys: Variable, values: Variable, _ sequences: Sequences, heads: Int,
        scale: Float, causal: Bool
    ) -> Variable {
        attention(
            queries, keys, values, heads: heads, scale: scale, causal: causal,
            AttentionPairs(sequences))
    }

    /// Attention of target sequences to source sequences, `source[t]` being the source of target t;
    /// several targets may share one.
    package func crossAttention(
        queries: Variable, _ targets: Sequences, keys: Variable, values: Variable,
        _ sources: Sequences, source: [Int32], heads: Int, scale: Float
    ) -> Variable {
        attention(
            queries, keys, values, heads: heads, scale: scale, causal: false,
            AttentionPairs(targets: targets, sources: sources, source: source))
    }

    private func attention(
        _ q: Variable, _ k: Variable, _ v: Variable, heads: Int, scale: Float, causal: Bool,
        _ pairs: AttentionPairs
    ) -> Variable {
        let d = q.columns
        precondition(d % heads == 0 && k.columns == d && v.columns == d, "heads must divide the width")
        precondition(q.rows == pairs.targets.rowCount && k.rows == pairs.sources.rowCount && v.rows == k.rows)
        let width = d / heads
        let output = make(
            rows: q.rows, columns: d,
            needsGradient: needsGradient(q) || needsGradient(k) || needsGradient(v))
        let (qs, ks, vs, out) = (value(q), value(k), value(v), value(output))
        // A target without a source would keep what the memory held.
        if pairs.hasEmptySource { out.update(repeating: 0, count: output.count) }
        forEachHead(pairs, columns: d, width: width) { rows, memory, from, at, scratch in
            ck_attention_forward(
                rows, memory, width, qs + from, d, ks + at, vs + at, d, scale, causal ? 1 : 0,
                out + from, d, scratch)
        }
        record(output) { tape in
            // All three are computed together; what nobody wants goes to scratch.
            let dy = tape.outputGradient(output)
            let (dq, dk, dv) = (tape.sink(q), tape.sink(k), tape.sink(v))
            let (qs, ks, vs) = (tape.value(q), tape.value(k), tape.value(v))
            tape.forEachHead(pairs, columns: d, width: width) { rows, memory, from, at, scratch in
                ck_attention_backward(
                    rows, memory, width, qs + from, d, ks + at, vs + at, d, scale, causal ? 1 : 0,
                    dy + from, d, dq + from, dk + at, dv + at, scratch)
            }
        }
        return output
    }

    /// Runs `body` over the heads of all pairs; a thread takes a source with all its targets.
    ///
    /// - Parameter body: is given the target's and the source's rows, where the head's numbers of both
    ///   start, and memory of its own.
    private func forEachHead(
        _ pairs: AttentionPairs, columns d: Int, width: Int,
        _ body: (Int, Int, _ from: Int, _ at: Int, UnsafeMutablePointer<Float>?) -> Void
    ) {
        let scratchCount = ck_attention_scratch(width, pairs.longestTarget, pairs.longestSource)
        divide(pairs.sources.count, grain: pairs.grain) { part in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
                for source in part {
                    let memory = pairs.sources[source]
                    for target in pairs.targets(of: source) {
                        let rows = pairs.targets[target]
                        for start in stride(from: 0, to: d, by: width) {
                            body(
                                rows.count, memory.count, rows.lowerBound * d + start,
                                memory.lowerBound * d + start, scratch.baseAddress)
                        }
                    }
                }
            }
        }
    }

    /// Where a gradient is added: to the variable's, or to memory that is never read.
    private func sink(_ variable: Variable) -> UnsafeMutablePointer<Float> {
        if needsGradient(variable) { return zeroedGradient(of: variable) }
        let unread = keep(variable.count)
        unread.update(repeating: 0, count: variable.count)
        return unread
    }
}

/// Which targets attend to which source. A thread takes a source with all its targets, so that the
/// gradients of its keys are added in the order of targets.
private struct AttentionPairs {
    let targets: Sequences
    let sources: Sequences
    let longestTarget: Int
    let longestSource: Int
    let hasEmptySource: Bool
    /// The targets of each source; nil where each has the one of its number.
    private let grouped: Grouping?

    /// Sequences that attend to themselves.
    init(_ sequences: Sequences) {
        self.init(targets: sequences, sources: sequences, grouped: nil)
    }

    init(targets: Sequences, sources: Sequences, source: [Int32]) {
        precondition(source.count == targets.count, "every target needs a source")
        self.init(
            targets: targets, sources: sources, grouped: Grouping(source, count: sources.count))
    }

    private init(targets: Sequences, sources: Sequences, grouped: Grouping?) {
        (self.targets, self.sources, self.grouped) = (targets, sources, grouped)
        longestTarget = (0..<targets.count).map { targets[$0].count }.max() ?? 0
        longestSource = (0..<sources.count).map { sources[$0].count }.max() ?? 0
        hasEmptySource = (0..<sources.count).contains { sources[$0].isEmpty }
    }

    /// Some thousand rows a piece, and pieces for every thread.
    var grain: Int { max(1, sources.count / 64) }

    func targets(of source: Int) -> ArraySlice<Int> {
        grouped.map { $0[source] } ?? [source]
    }
}
