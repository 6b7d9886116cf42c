import CKernels
import Memory
import Tensors

/// A step's rows attend to their hypotheses' tokens in the cache.
///
/// Rows that see few tokens go one by one. Those that see many go together as far as they are of one hypothesis, by products over its
/// keys and values: a long prompt would read the cache anew for each of its tokens otherwise. Which way a row goes is decided by its
/// position alone, and both ways that a late row can go give the same bits, so that its result does not depend on the others.
struct DecoderAttention {
    private let configuration: StackConfiguration
    private let step: DecoderRows
    private let cache: KeyValueCache
    /// Biases by distance, [heads × (2 · longest - 1)].
    private let biases: FrozenArray<Float>?
    private let rotation: RotaryTable?
    /// What keeps how much each row attends to each token; nil where nobody asks.
    private let probe: AttentionProbe?
    /// Rows that go one by one, and those of one hypothesis that go together.
    private let single: [Int]
    private let runs: [Range<Int>]

    /// From this position on a row's scores are summed as a product sums them.
    private static let latePosition = 256
    /// So many late rows of a hypothesis are worth packing its keys.
    private static let fewestTogether = 8
    /// Rows whose scores stay in the second cache until the values are summed by them.
    private static let rowsAtOnce = 32

    init(
        configuration: StackConfiguration, step: DecoderRows, cache: KeyValueCache, biases: FrozenArray<Float>?,
        rotation: RotaryTable?, probe: AttentionProbe?
    ) {
        (self.configuration, self.step, self.cache) = (configuration, step, cache)
        (self.biases, self.rotation, self.probe) = (biases, rotation, probe)
        var (single, runs): ([Int], [Range<Int>]) = ([], [])
        for (index, row) in step.rows.enumerated() {
            if biases != nil || !Self.isLate(row, configuration) {
                single.append(index)
            } else if let run = runs.last, run.upperBound == index, step.rows[run.lowerBound].history == row.history {
                runs[runs.count - 1] = run.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        self.single = single + runs.filter { $0.count < Self.fewestTogether }.flatMap { Array($0) }
        self.runs = runs.filter { $0.count >= Self.fewestTogether }
    }

    private static func isLate(_ row: DecoderRows.Row, _ configuration: StackConfiguration) -> Bool {
        row.position >= latePosition && configuration.headWidth <= ck_widest_head()
    }

    private var stride: Int { configuration.queryWidth + 2 * configuration.keyWidth }
    private var group: Int { configuration.headCount / configuration.keyHeadCount }

    /// Turns queries and keys by their positions, and stores keys and values in their slots.
    func store(layer: Int, _ scratch: StackScratch) {
        let (q, k) = (configuration.queryWidth, configuration.keyWidth)
        let (keys, values) = (cache.keys[layer].base, cache.values[layer].base)
        for (index, row) in step.rows.enumerated() {
            let query = scratch.queryKeyValue.base + index * stride
            if let rotation {
                rotation.turn(query, heads: configuration.headCount, at: row.position)
                rotation.turn(query + q, heads: configuration.keyHeadCount, at: row.position)
            }
            (keys + Int(row.slot) * k).update(from: query + q, count: k)
            (values + Int(row.slot) * k).update(from: query + q + k, count: k)
        }
    }

    func attend(layer: Int, _ scratch: StackScratch) {
        step.histories.withUnsafeBufferPointer { histories in
            guard let histories = histories.baseAddress else { return }
            attendOneByOne(layer, scratch, histories)
            for run in runs { attendTogether(run, layer, scratch, histories) }
        }
    }

    // MARK: One by one

    private func attendOneByOne(_ layer: Int, _ scratch: StackScratch, _ histories: UnsafePointer<Int32>) {
        let part = max(1, 16_384 / max(1, step.longest * configuration.queryWidth / 8))
        scratch.team.run((single.count + part - 1) / part) { index in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: group * step.longest) { scores in
                guard let scores = scores.baseAddress else { return }
                for place in index * part..<min(single.count, (index + 1) * part) {
                    attend(single[place], layer, scratch, histories, scores)
                }
            }
        }
    }

    private func attend(
        _ index: Int, _ layer: Int, _ scratch: StackScratch, _ histories: UnsafePointer<Int32>,
        _ scores: UnsafeMutablePointer<Float>
    ) {
        let row = step.rows[index]
        let query = scratch.queryKeyValue.base + index * stride
        let context = scratch.context.base + index * configuration.queryWidth
        let (keys, values) = (cache.keys[layer].base, cache.values[layer].base)
        if biases == nil, Self.isLate(row, configuration) {
            ck_attend_in_order(
                configuration.headCount, group, configuration.headWidth, query, keys, values, cache.width,
                histories + row.history, row.position + 1, configuration.attentionScale, probe?.weights(layer: layer),
                probe?.mass(row: index), scores, context)
            return
        }
        // The bias of distance 0 is at place longest - 1; the first key is `position` before it.
        let bias = biases.map { $0.unsafeBase + step.longest - 1 - row.position }
        ck_attend(
            configuration.headCount, group, configuration.headWidth, query, keys, values, cache.width,
            histories + row.history, row.position + 1, configuration.attentionScale, bias, 2 * step.longest - 1,
            probe?.weights(layer: layer), probe?.mass(row: index), scores, context)
    }

    // MARK: Together

    /// Late rows of one hypothesis: softmax(Q Kᵀ · scale) V, each row over the tokens that it sees.
    private func attendTogether(
        _ run: Range<Int>, _ layer: Int, _ scratch: StackScratch, _ histories: UnsafePointer<Int32>
    ) {
        let (a, keyHeads) = (configuration.headWidth, configuration.keyHeadCount)
        let length = step.rows[run.upperBound - 1].position + 1
        let slots = histories + step.rows[run.lowerBound].history
        let keyCount = ck_gemm_packed_count(a, length)
        let headCount = keyCount + ck_gemm_packed_count(length, a)
        scratch.packed.reserve(keyHeads * headCount)
        let packed = scratch.packed.base
        let (keys, values, width) = (cache.keys[layer].base, cache.values[layer].base, cache.width)
        scratch.team.run(2 * keyHeads) { part in
            let head = part / 2
            withUnsafeTemporaryAllocation(of: Float.self, capacity: length * a) { rows in
                guard let rows = rows.baseAddress else { return }
                let from = (part % 2 == 0 ? keys : values) + head * a
                for token in 0..<length {
                    (rows + token * a).update(from: from + Int(slots[token]) * width, count: a)
                }
                if part % 2 == 0 {
                    ck_gemm_pack(rows, 1, a, a, length, packed + head * headCount)
                } else {
                    ck_gemm_pack(rows, a, 1, length, a, packed + head * headCount + keyCount)
                }
            }
        }
        let blocks = (run.count + Self.rowsAtOnce - 1) / Self.rowsAtOnce
        let heads = configuration.headCount
        // With a probe the heads of a row add to the same sums, one after the other.
        scratch.team.run(probe == nil ? blocks * heads : blocks) { part in
            let block = probe == nil ? part / heads : part
            let first = run.lowerBound + block * Self.rowsAtOnce
            let rows = first..<min(run.upperBound, first + Self.rowsAtOnce)
            for head in probe == nil ? part % heads..<part % heads + 1 : 0..<heads {
                attend(rows, head, layer, packed + head / group * headCount, length, scratch)
            }
        }
    }

    private func attend(
        _ rows: Range<Int>, _ head: Int, _ layer: Int, _ packed: UnsafePointer<Float>, _ length: Int,
        _ scratch: StackScratch
    ) {
        let (a, q) = (configuration.headWidth, configuration.queryWidth)
        let keyCount = ck_gemm_packed_count(a, length)
        // Tokens that the last of the rows sees.
        let seen = step.rows[rows.upperBound - 1].position + 1
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * seen) { scores in
            guard let scores = scores.baseAddress else { return }
            ck_gemm(
                rows.count, seen, a, configuration.attentionScale,
                scratch.queryKeyValue.base + rows.lowerBound * stride + head * a, stride, 1, packed, 0, scores, seen,
                nil)
            for row in rows {
                let (own, count) = (scores + (row - rows.lowerBound) * seen, step.rows[row].position + 1)
                ck_softmax_rows(own, 1, count, count)
                // Terms of 0 at the end of a sum change nothing.
                (own + count).update(repeating: 0, count: seen - count)
                if let probe, case let weight = probe.weights(layer: layer)[head], weight != 0 {
                    ck_axpy(weight, own, probe.mass(row: row), count)
                }
            }
            // Panel by panel: where the next begins depends on all tokens that were packed, not on those that are seen.
            let context = scratch.context.base + rows.lowerBound * q + head * a
            for column in Swift.stride(from: 0, to: a, by: ck_gemm_panel()) {
                ck_gemm(
                    rows.count, min(ck_gemm_panel(), a - column), seen, 1, scores, seen, 1,
                    packed + keyCount + column * length, 0, context + column, q, nil)
            }
        }
    }
}
