/// Scores the next token of every beam: the seam between decoding and a model.
///
/// A transformer, an anchored count model and a table of numbers are conformers. The scores are
/// log-probabilities over the *full* vocabulary; a constraint never renormalises them, which is
/// how SEAL scores its keys.
public protocol StepModel {
    associatedtype State

    /// The state of the empty prefix.
    var initialState: State { get }

    /// Adds one row of scores for each state, in order.
    func score(_ states: [State], into scores: inout StepScores)

    /// Adds one row for each state with scores of the given tokens only, up to a constant a row,
    /// for a caller that normalises among them. The default scores all tokens.
    func score(_ states: [State], only tokens: [[Int32]], into scores: inout StepScores)

    /// The state after one more token.
    func advance(_ state: State, by token: Int32) -> State
}

extension StepModel {
    public func score(_ states: [State], only tokens: [[Int32]], into scores: inout StepScores) {
        var all = StepScores()
        score(states, into: &all)
        for (row, tokens) in tokens.enumerated() {
            let logProbs = all.logProbs(of: tokens, inRow: row)
            scores.addSparse(
                zip(tokens, logProbs).filter { $0.1 > -.infinity }.map { (token: $0, logProb: $1) })
        }
    }

    /// The sum of the log-probabilities of each sequence's tokens (teacher forcing), from the initial
    /// state; see ``logProbs(of:from:)``.
    public func logProbs(of sequences: [[Int32]]) -> [Float] { logProbs(of: sequences, from: initialState) }

    /// The sum of the log-probabilities of each sequence's tokens (teacher forcing); -infinity where
    /// one is impossible, 0 for the empty sequence. Ranks a list of candidates exactly.
    ///
    /// A sequence is given up, as if it were impossible, where its sum has fallen to `minimum` or below.
    ///
    /// Sequences that share a prefix share its scores. The prefixes of one length are scored
    /// together, 256 at a time, so that memory does not grow with the list.
    ///
    /// - Complexity: one row of scores for each distinct prefix that something follows.
    public func logProbs(
        of sequences: [[Int32]], from start: State, minimum: Float = -.infinity
    ) -> [Float] {
        var totals = [Float](repeating: 0, count: sequences.count)
        // The prefixes of one length, and the sequences that go on from them by rising prefix.
        var prefixes: [(state: State, sum: Float)] = [(start, 0)]
        var open = sequences.indices.filter { !sequences[$0].isEmpty }.map { (sequence: $0, prefix: 0) }
        var scores = StepScores()
        var length = 0
        while !open.isEmpty {
            var next: [(state: State, sum: Float)] = []
            var going: [(sequence: Int, prefix: Int)] = []
            var known: [UInt64: Int] = [:]
            var rows = 0..<0
            for (sequence, prefix) in open {
                if prefix >= rows.upperBound {
                    rows = prefix..<min(prefix + rowsAtOnce, prefixes.count)
                    scores.removeAll()
                    score(prefixes[rows].map(\.state), into: &scores)
                }
                let token = sequences[sequence][length]
                let step = scores.logProb(of: token, inRow: prefix - rows.lowerBound)
                let sum = prefixes[prefix].sum + step
                totals[sequence] = sum > minimum ? sum : -.infinity
                guard sum > minimum, sequences[sequence].count > length + 1 else { continue }
                let name = UInt64(prefix) << 32 | UInt64(UInt32(bitPattern: token))
                let place = known[name] ?? next.count
                if place == next.count {
                    known[name] = place
                    next.append((advance(prefixes[prefix].state, by: token), totals[sequence]))
                }
                going.append((sequence, place))
            }
            prefixes = next
            open = going.sorted { ($0.prefix, $0.sequence) < ($1.prefix, $1.sequence) }
            length += 1
        }
        return totals
    }
}

/// The rows of scores that a list of candidates takes at a time: 50 megabytes of a large vocabulary.
private let rowsAtOnce = 256
