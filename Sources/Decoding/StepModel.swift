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

    /// The state after one more token.
    func advance(_ state: State, by token: Int32) -> State
}

/// The scores of one decoding step: a row for each beam, each either over the whole vocabulary or
/// over the only tokens that have any probability.
public struct StepScores {
    enum Row {
        /// logProbs[offset + token] for every token of the vocabulary.
        case dense(offset: Int, count: Int)
        /// tokens[offset + i] has logProbs[offset + i]; all others are impossible.
        case sparse(offset: Int, count: Int)
    }

    private(set) var rows: [Row] = []
    private(set) var tokens: [Int32] = []
    private(set) var logProbs: [Float] = []

    public init() {}

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        logProbs.removeAll(keepingCapacity: true)
    }

    /// Adds a row over the whole vocabulary.
    public mutating func addDense(_ row: some Collection<Float>) {
        rows.append(.dense(offset: logProbs.count, count: row.count))
        logProbs.append(contentsOf: row)
        // Kept in step with logProbs, so that one offset serves both.
        tokens.append(contentsOf: repeatElement(0, count: row.count))
    }

    /// Adds a row of distinct tokens; every other token is impossible.
    public mutating func addSparse(_ row: some Collection<(token: Int32, logProb: Float)>) {
        rows.append(.sparse(offset: logProbs.count, count: row.count))
        for item in row {
            tokens.append(item.token)
            logProbs.append(item.logProb)
        }
    }
}
