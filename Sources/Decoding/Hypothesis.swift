/// A prefix that beam search met: its tokens, its score, and where the constraint stands.
public struct Hypothesis<State: Sendable>: Sendable {
    public var tokens: [Int32]
    /// The log-probability of each token given those before it.
    public var stepLogProbs: [Float]
    /// The sum of the log-probabilities.
    public var logProb: Float
    /// The constraint's state after the last token.
    public var state: State
    /// Whether the constraint says that this is a whole identifier.
    public var isComplete: Bool
}

/// Every prefix that beam search has kept, as a tree of back pointers; memory of partial
/// hypotheses costs one entry each instead of a copied prefix (SEAL's `keep_history`).
struct HypothesisArena<State: Sendable> {
    struct Entry {
        var parent: Int32
        var token: Int32
        var logProb: Float
        var stepLogProb: Float
        var state: State
        var isComplete: Bool
    }

    private(set) var entries: [Entry] = []

    mutating func append(_ entry: Entry) -> Int32 {
        entries.append(entry)
        return Int32(entries.count - 1)
    }

    /// The tokens up to an entry; none for -1.
    func tokens(upTo index: Int32) -> [Int32] {
        var tokens: [Int32] = []
        var next = index
        while next >= 0 {
            tokens.append(entries[Int(next)].token)
            next = entries[Int(next)].parent
        }
        return tokens.reversed()
    }

    func hypothesis(_ index: Int) -> Hypothesis<State> {
        let last = entries[index]
        var tokens: [Int32] = []
        var steps: [Float] = []
        var next = Int32(index)
        while next >= 0 {
            let entry = entries[Int(next)]
            tokens.append(entry.token)
            steps.append(entry.stepLogProb)
            next = entry.parent
        }
        return Hypothesis(
            tokens: tokens.reversed(), stepLogProbs: steps.reversed(), logProb: last.logProb,
            state: last.state, isComplete: last.isComplete)
    }
}
