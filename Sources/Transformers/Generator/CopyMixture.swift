import CKernels
import Decoding
import Foundation
import Memory
import Tensors

/// The output of a generator: a mixture of the vocabulary and of copying from the source, as
/// pointer-generator networks have it (See et al. 2017).
///
///     v(t) = softmax(h W_out Eᵀ + b)                  g = sigmoid(w · h + c)
///     a_j  = softmax((h W_q) · (M_j W_k) / sqrt(d))   over the source's tokens, special ones left out
///     p(t) = (1 - g) v(t) + g (sum of a_j where the source has t)
///
/// Where a source has nothing to copy, g is 0.
struct CopyMixture: OutputHead {
    struct Weights: Sendable {
        let map: Linear  // W_out, d → d
        let words: PackedMatrix  // Eᵀ [d × vocabulary]
        let bias: FrozenArray<Float>  // b [vocabulary]
        let query: Linear  // W_q, d → d
        let key: Linear  // W_k, d → d
        let gate: FrozenArray<Float>  // w [d]
        let gateBias: Float  // c
    }

    /// What may be copied of one source.
    struct Source: Sendable {
        /// The distinct tokens.
        let tokens: [Int32]
        /// For each place that may be copied, where its token stands in ``tokens``.
        let slots: [Int]
        /// M W_k / sqrt(d) of these places, [places × d].
        let keys: FrozenArray<Float>
    }

    let weights: Weights
    let sources: [Source]

    var vocabularySize: Int { weights.words.columns }
    private var width: Int { weights.words.inner }
    private var longest: Int { sources.reduce(1) { max($0, $1.slots.count) } }

    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources owners: [Int],
        into logProbs: UnsafeMutablePointer<Float>, _ scratch: ProductScratch
    ) {
        let vocabulary = vocabularySize
        mix(states, owners, logits: logProbs, scratch) { index, copied in
            let row = logProbs + index * vocabulary
            ck_log_softmax_plus(row, vocabulary, copied.logKept)
            for (slot, token) in sources[owners[index]].tokens.enumerated() {
                row[Int(token)] = logSum(row[Int(token)], copied.logProb(slot))
            }
        }
    }

    /// Of a row of logits only the normaliser is computed.
    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources owners: [Int], of tokens: [Int32],
        into logProbs: UnsafeMutablePointer<Float>, logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch
    ) {
        let vocabulary = vocabularySize
        mix(states, owners, logits: logits, scratch) { index, copied in
            let (row, token) = (logits + index * vocabulary, tokens[index])
            let written = row[Int(token)] - (ck_log_sum_exp(row, vocabulary) - copied.logKept)
            let slot = sources[owners[index]].tokens.firstIndex(of: token)
            logProbs[index] = slot.map { logSum(written, copied.logProb($0)) } ?? written
        }
    }

    /// What one state copies of its source.
    private struct Copied {
        /// log(1 - g), and log g.
        var logKept: Float
        var logGate: Float
        /// The attention on each distinct token.
        var masses: UnsafePointer<Float>

        /// The logarithm of a distinct token's part of the mixture.
        func logProb(_ slot: Int) -> Float { logGate + log(masses[slot]) }
    }

    /// Computes the logits [states × vocabulary], and tells for each state what it copies.
    private func mix(
        _ states: UnsafeMutablePointer<Float>, _ owners: [Int], logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch, _ finish: (Int, Copied) -> Void
    ) {
        let (count, d) = (owners.count, width)
        let room = longest
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count * (2 * d + 2 * room)) { memory in
            guard let mapped = memory.baseAddress else { return }
            let queries = mapped + count * d
            let shares = queries + count * d
            weights.map.apply(rows: count, states, into: mapped, scratch)
            weights.query.apply(rows: count, states, into: queries, scratch)
            weights.words.multiply(rows: count, mapped, into: logits, bias: weights.bias, scratch)
            scratch.team.run(count) { row in
                finish(
                    row,
                    copied(
                        state: states + row * d, query: queries + row * d, sources[owners[row]],
                        shares: shares + row * 2 * room, room))
            }
        }
    }

    /// - Parameter shares: memory for twice `room` numbers.
    private func copied(
        state: UnsafePointer<Float>, query: UnsafePointer<Float>, _ source: Source,
        shares: UnsafeMutablePointer<Float>, _ room: Int
    ) -> Copied {
        let places = source.slots.count
        let masses = shares + room
        guard places > 0 else { return Copied(logKept: 0, logGate: -.infinity, masses: masses) }
        let gate = ck_dot(weights.gate.unsafeBase, state, width) + weights.gateBias
        let keys = source.keys.unsafeBase
        for place in 0..<places { shares[place] = ck_dot(query, keys + place * width, width) }
        ck_softmax_rows(shares, 1, places, places)
        for slot in source.tokens.indices { masses[slot] = 0 }
        for place in 0..<places { masses[source.slots[place]] += shares[place] }
        return Copied(logKept: -softplus(gate), logGate: -softplus(-gate), masses: masses)
    }

    /// All log-probabilities are computed, because one needs the normaliser of all.
    func score(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], only tokens: [[Int32]],
        into scores: inout StepScores, _ scratch: ProductScratch
    ) {
        let vocabulary = vocabularySize
        let all = ScratchBuffer(count: sources.count * vocabulary)
        withExtendedLifetime(all) {
            logProbs(states, sources: sources, into: all.base, scratch)
            for (index, tokens) in tokens.enumerated() {
                let row = all.base + index * vocabulary
                scores.addSparse(tokens.lazy.map { ($0, row[Int($0)]) })
            }
        }
    }
}

extension CopyMixture.Source {
    /// - Parameters:
    ///   - states: of the source's tokens, [tokens × d].
    ///   - isSpecial: whether a token is never copied.
    init(
        tokens: [Int32], states: UnsafePointer<Float>, _ weights: CopyMixture.Weights,
        _ scratch: ProductScratch, isSpecial: (Int32) -> Bool
    ) {
        let d = weights.words.inner
        var slotOf: [Int32: Int] = [:]
        var (distinct, slots, places): ([Int32], [Int], [Int]) = ([], [], [])
        for (place, token) in tokens.enumerated() where !isSpecial(token) {
            let slot = slotOf[token] ?? distinct.count
            if slot == distinct.count {
                slotOf[token] = slot
                distinct.append(token)
            }
            slots.append(slot)
            places.append(place)
        }
        self.tokens = distinct
        self.slots = slots
        let gathered = ScratchBuffer(count: places.count * d)
        let scale = 1 / Float(d).squareRoot()
        keys = withExtendedLifetime(gathered) {
            for (row, place) in places.enumerated() {
                (gathered.base + row * d).update(from: states + place * d, count: d)
            }
            return FrozenArray(count: places.count * d) { keys in
                guard let base = keys.baseAddress else { return }
                weights.key.apply(rows: places.count, gathered.base, into: base, scratch)
                for index in keys.indices { base[index] *= scale }
            }
        }
    }
}

/// log(1 + e^x)
private func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

/// log(e^a + e^b)
private func logSum(_ a: Float, _ b: Float) -> Float {
    let (high, low) = a > b ? (a, b) : (b, a)
    return low == -.infinity ? high : high + log1p(exp(low - high))
}
