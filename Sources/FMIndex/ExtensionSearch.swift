import CKernels
import Memory
import Succinct

/// The best next tokens of many beams under an index: one decoding step, exact.
///
/// Scores are full-vocabulary log-probabilities, which the index never renormalises. So nothing has
/// to be enumerated that cannot win:
/// - The symbols of a narrow range are read, and only those whose score beats the worst kept count.
/// - For a wide range the tokens are walked in falling score, each tested by a rank, until enough
///   are found. Ranks are taken sixteen at a time.
/// - Every token of the corpus may follow the empty sequence.
/// - Under a set of passages, a token counts where one of them holds the longer sequence. Only tokens that would be
///   kept are looked at.
///
/// The value holds scratch memory and serves one search at a time.
public struct ExtensionSearch {
    /// A hypothesis with the scores of its next token.
    public struct Beam {
        public var rows: FMIndex.Rows
        /// The hypothesis' own log-probability, added to its tokens' scores.
        public var logProb: Float
        /// One score a token of the vocabulary; valid during the call.
        public var scores: UnsafeBufferPointer<Float>

        public init(rows: FMIndex.Rows, logProb: Float, scores: UnsafeBufferPointer<Float>) {
            self.rows = rows
            self.logProb = logProb
            self.scores = scores
        }
    }

    /// A hypothesis with one more token.
    public struct Extension: Sendable, Equatable {
        public var beam: Int
        public var token: Int32
        /// The sum of the beam's log-probability and the token's score.
        public var score: Float
        public var rows: FMIndex.Rows

        public init(beam: Int, token: Int32, score: Float, rows: FMIndex.Rows) {
            self.beam = beam
            self.token = token
            self.score = score
            self.rows = rows
        }
    }

    /// Ranges up to this many rows are read; reading costs a nanosecond or two a row, choosing among
    /// all tokens of a vocabulary some ten microseconds.
    static let narrowRows = 6000

    let index: FMIndex
    let allowed: AllowedTokens
    /// The passages that count; nil where all do.
    private let passing: PassingRows?
    /// The rows of the document end.
    private let ends: FMIndex.Rows
    private var stamps: [UInt32]
    private var epoch: UInt32 = 0
    private var found: [UInt32]
    private var maxima: [Float] = []

    public init(_ index: FMIndex, allowed: AllowedTokens, passing: PassingRows? = nil) {
        self.index = index
        self.allowed = allowed
        self.passing = passing
        ends = index.extend(index.all, by: index.documentEnd)
        stamps = Array(repeating: 0, count: index.tokenOfCode.count)
        found = Array(repeating: 0, count: max(Self.narrowRows, index.vocabularyBound))
    }

    /// The best `k` allowed extensions of all beams together: score falling, then beam, then token
    /// rising. Those that score `minimum` or less are left out.
    ///
    /// - Precondition: every beam's scores reach up to the largest allowed token.
    public mutating func best(
        _ k: Int, of beams: [Beam], minimum: Float = -.infinity
    ) -> [Extension] {
        guard k > 0 else { return [] }
        precondition(beams.allSatisfy { $0.scores.count >= allowed.bound }, "scores are too few")
        var best = BestExtensions(capacity: k)
        // Narrow ranges first: they are cheap, and what they find spares work on the wide ones.
        var wide: [Int] = []
        for (place, beam) in beams.enumerated() where !beam.rows.isEmpty {
            if let few = passing?.few, offer(few, place, beam, minimum, &best) { continue }
            if beam.rows.count > Self.narrowRows {
                wide.append(place)
            } else {
                readSymbols(place, beam, minimum, &best)
            }
        }
        for place in wide.sorted(by: { beams[$0].logProb > beams[$1].logProb }) {
            walkTokens(place, beams[place], k, minimum, &best)
        }
        return withRows(best.sorted(), of: beams)
    }

    /// A score that every extension of a beam which can still enter has at least.
    private func bound(_ beam: Beam, _ minimum: Float, _ best: BestExtensions) -> Float {
        let total = max(best.threshold, minimum)
        guard total > -.infinity else { return -.infinity }
        // Sums are rounded, so the difference is no exact bound.
        return total - beam.logProb - 1e-5 * (1 + abs(total) + abs(beam.logProb))
    }

    @inline(__always)
    private func offer(
        _ place: Int, _ beam: Beam, code: Int, _ minimum: Float, _ best: inout BestExtensions, isKnown: Bool = false
    ) {
        let token = allowed.keys[code]
        guard token >= 0 else { return }
        let score = beam.logProb + beam.scores[Int(token)]
        guard score > minimum else { return }
        var item = Extension(beam: place, token: token, score: score, rows: .none)
        if let passing, !isKnown {
            guard best.admits(item) else { return }
            item.rows = index.extend(beam.rows, by: token)
            guard passing.contain(item.rows, of: index) else { return }
        }
        best.offer(item)
    }

    /// Offers what follows a beam in a few passages, whatever else follows it.
    ///
    /// - Returns: false where there is too much of it.
    private mutating func offer(
        _ few: FewRows, _ place: Int, _ beam: Beam, _ minimum: Float, _ best: inout BestExtensions
    ) -> Bool {
        // A row of a document end belongs to the passage that it ends, but what follows it to the next.
        let isBehindEnd = beam.rows.low >= ends.low && beam.rows.high <= ends.high
        if isBehindEnd || beam.rows == index.all {
            let codes = isBehindEnd ? few.firstCodes : few.codes
            guard codes.count <= Self.narrowRows else { return false }
            for code in codes { offer(place, beam, code: code, minimum, &best) }
            return true
        }
        let places = few.places(of: beam.rows)
        guard places.count <= Self.narrowRows else { return false }
        epoch &+= 1
        for row in few.rows[places] {
            let code = index.symbol(before: Int(row))
            guard code < stamps.count, stamps[code] != epoch else { continue }
            stamps[code] = epoch
            offer(place, beam, code: code, minimum, &best, isKnown: true)
        }
        return true
    }

    private mutating func readSymbols(
        _ place: Int, _ beam: Beam, _ minimum: Float, _ best: inout BestExtensions
    ) {
        guard case .lists(let lists) = index.transform else {
            for item in index.continuations(of: beam.rows) {
                guard let code = index.code(of: item.token) else { continue }
                offer(place, beam, code: code, minimum, &best)
            }
            return
        }
        epoch &+= 1
        let count = lists.symbols.scoring(
            in: beam.rows.low..<beam.rows.high, alphabet: index.tokenOfCode.count, keys: allowed.keys,
            scores: beam.scores, threshold: bound(beam, minimum, best), stamps: &stamps, epoch: epoch,
            found: &found)
        for slot in 0..<count { offer(place, beam, code: Int(found[slot]), minimum, &best) }
    }

    /// Takes tokens in falling score, some more at each round, and tests each.
    private mutating func walkTokens(
        _ place: Int, _ beam: Beam, _ k: Int, _ minimum: Float, _ best: inout BestExtensions
    ) {
        let bounded = UnsafeBufferPointer(rebasing: beam.scores.prefix(allowed.bound))
        var wanted = 4 * k
        var above = Float.infinity
        var accepted = 0
        while true {
            let floor = bound(beam, minimum, best)
            let from = max(floor, Self.boundReached(bounded, wanted: wanted, scratch: &maxima))
            var tokens = Self.select(bounded, from: from, below: above, into: &found)
            tokens.sort {
                let (a, b) = (beam.scores[Int($0)], beam.scores[Int($1)])
                return a != b ? a > b : $0 < $1
            }
            if test(tokens, place, beam, k, minimum, &accepted, &best) { return }
            // Everything at or above `from` has been tested.
            guard from > floor, from > -.infinity else { return }
            above = from
            wanted *= 8
        }
    }

    /// Tests tokens in falling score; true when none after them can enter any more.
    private func test(
        _ tokens: [Int32], _ place: Int, _ beam: Beam, _ k: Int, _ minimum: Float, _ accepted: inout Int,
        _ best: inout BestExtensions
    ) -> Bool {
        let isStart = beam.rows == index.all
        var group: [Int32] = []
        var rows: [FMIndex.Rows] = []
        var next = 0
        while next < tokens.count {
            group.removeAll(keepingCapacity: true)
            while next < tokens.count, group.count < 16 {
                let token = tokens[next]
                next += 1
                guard let code = index.code(of: token), allowed.contains(code: code) else { continue }
                group.append(token)
            }
            rows = Array(repeating: beam.rows, count: group.count)
            if !isStart { index.extend(&rows, by: group) }
            for (token, rows) in zip(group, rows) {
                let score = beam.logProb + beam.scores[Int(token)]
                let item = Extension(
                    beam: place, token: token, score: score, rows: isStart ? .none : rows)
                // Tokens come in falling score, and rounding a sum keeps the order.
                guard score > minimum, best.admits(item) else {
                    if score <= minimum || score < best.threshold { return true }
                    continue
                }
                guard !rows.isEmpty, passes(token, beam, rows, isStart) else { continue }
                best.offer(item)
                accepted += 1
            }
            // A step takes at most k of one beam; equal scores may still be ahead of these.
            if accepted >= k, let last = group.last, next < tokens.count,
                beam.logProb + beam.scores[Int(tokens[next])] < beam.logProb + beam.scores[Int(last)]
            {
                return true
            }
        }
        return false
    }

    /// Whether a passage that counts holds the longer sequence, whose rows are known but for that of one token.
    private func passes(_ token: Int32, _ beam: Beam, _ rows: FMIndex.Rows, _ isStart: Bool) -> Bool {
        guard let passing else { return true }
        return passing.contain(isStart ? index.extend(beam.rows, by: token) : rows, of: index)
    }

    /// Ranks those whose rows are not known yet, all together.
    private func withRows(_ chosen: [Extension], of beams: [Beam]) -> [Extension] {
        var result = chosen
        let open = chosen.indices.filter { chosen[$0].rows.isEmpty }
        var rows = open.map { beams[chosen[$0].beam].rows }
        index.extend(&rows, by: open.map { chosen[$0].token })
        for (place, rows) in zip(open, rows) { result[place].rows = rows }
        return result
    }

    private static func boundReached(
        _ scores: UnsafeBufferPointer<Float>, wanted: Int, scratch: inout [Float]
    ) -> Float {
        let runs = scores.count / 32 + 1
        if scratch.count < runs { scratch = Array(repeating: 0, count: runs) }
        return ck_bound_reached(scores.baseAddress, scores.count, wanted, &scratch)
    }

    /// The tokens with scores in `from..<below`, and those of score `from` where it is -infinity.
    private static func select(
        _ scores: UnsafeBufferPointer<Float>, from: Float, below: Float, into scratch: inout [UInt32]
    ) -> [Int32] {
        let count = ck_select_at_least(scores.baseAddress, scores.count, from, &scratch, scratch.count)
        var tokens: [Int32] = []
        tokens.reserveCapacity(min(count, 1024))
        for slot in 0..<min(count, scratch.count) where below == .infinity || scores[Int(scratch[slot])] < below {
            tokens.append(Int32(scratch[slot]))
        }
        return tokens
    }
}
