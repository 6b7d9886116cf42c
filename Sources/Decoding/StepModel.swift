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

    /// The sum of the log-probabilities of each sequence's tokens (teacher forcing); -infinity where
    /// one is impossible, 0 for the empty sequence.
    ///
    /// Sequences that share a prefix share its scores; all prefixes of one length are one step.
    public func logProbs(of sequences: [[Int32]]) -> [Float] {
        var totals = [Float](repeating: 0, count: sequences.count)
        // The prefixes of one length: their states and sums.
        var states = [initialState]
        var sums: [Float] = [0]
        var place = [Int](repeating: 0, count: sequences.count)
        var scores = StepScores()
        var length = 0
        while true {
            let open = sequences.indices.filter { sequences[$0].count > length && place[$0] >= 0 }
            if open.isEmpty { return totals }
            scores.removeAll()
            score(states, into: &scores)
            var nextStates: [State] = []
            var nextSums: [Float] = []
            var known: [UInt64: Int] = [:]
            for sequence in open {
                let token = sequences[sequence][length]
                let parent = place[sequence]
                let step = scores.logProb(of: token, inRow: parent)
                totals[sequence] = sums[parent] + step
                guard step > -.infinity else {
                    place[sequence] = -1
                    continue
                }
                let name = UInt64(parent) << 32 | UInt64(UInt32(bitPattern: token))
                if let node = known[name] {
                    place[sequence] = node
                } else {
                    known[name] = nextStates.count
                    place[sequence] = nextStates.count
                    nextStates.append(advance(states[parent], by: token))
                    nextSums.append(totals[sequence])
                }
            }
            states = nextStates
            sums = nextSums
            length += 1
        }
    }
}
