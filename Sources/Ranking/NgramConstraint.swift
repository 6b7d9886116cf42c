import Decoding
import FMIndex

/// Allows the n-grams that occur in the corpus: the FM-index as a decoding constraint.
///
/// The state is the row range, so that a step costs one backward step. The document end and the
/// tokens in `excluded` (unknown word, marks) are never generated: an n-gram stays inside one
/// passage, in every search.
package struct NgramConstraint: Constraint {
    package struct State: Sendable, Equatable {
        package var rows: FMIndex.Rows
        package var isComplete = false
    }

    package let index: FMIndex
    package let view: NgramView
    /// The passages that count; nil where all do.
    var passing: PassingRows?
    /// A sequence that occurs at most so often is not continued; SEAL's `stop_at_count`.
    package var stopAtCount = 0
    /// What stands before every sequence.
    let lead: [Int32]
    private let start: FMIndex.Rows
    private var allowed: AllowedTokens
    private let excluded: Set<Int32>
    /// Every token that may be generated is below it.
    private var limit = Int.max

    /// - Parameter deviations: `freeFirstTitleToken` lets a title start anywhere, and
    ///   `passedDocumentEnds` lets it run past the end of its passage.
    package init(
        index: FMIndex, excluded: Set<Int32>, view: NgramView = .body,
        deviations: SEALDeviations = []
    ) {
        self.index = index
        self.view = view
        var out = excluded.union([index.documentEnd, index.titleEnd])
        if let queryStart = index.queryStart { out.insert(queryStart) }
        switch view {
        case .body:
            lead = []
        case .title:
            out.remove(index.titleEnd)
            if deviations.contains(.passedDocumentEnds) { out.remove(index.documentEnd) }
            lead = deviations.contains(.freeFirstTitleToken) ? [] : [index.documentEnd]
        case .pseudoQuery:
            out.remove(index.titleEnd)
            lead = index.queryStart.map { [$0] } ?? []
        }
        start = view == .pseudoQuery && lead.isEmpty ? .init(low: 0, high: 0) : index.rows(of: lead)
        self.excluded = out
        allowed = AllowedTokens(index, excluding: out)
    }

    package var initialState: State { State(rows: start) }

    package func allows(_ token: Int32) -> Bool { !excluded.contains(token) && Int(token) < limit }

    /// The same for a model that has no score for tokens from `limit` on.
    func limited(to limit: Int?) -> NgramConstraint {
        guard let limit, index.vocabularyBound > limit else { return self }
        var constraint = self
        constraint.limit = limit
        constraint.allowed = AllowedTokens(index, excluding: excluded, below: limit)
        return constraint
    }

    /// The tokens that are no part of a word: the index's marks, and what is never generated.
    var marks: Set<Int32> {
        excluded.union([index.documentEnd, index.titleEnd]).union(index.queryStart.map { [$0] } ?? [])
    }

    private func isEnd(_ token: Int32) -> Bool { view != .body && token == index.titleEnd }

    private func isClosed(_ state: State) -> Bool {
        state.isComplete || (stopAtCount > 0 && state.rows != start && state.rows.count <= stopAtCount)
    }

    package func advance(_ state: State, by token: Int32) -> State? {
        guard !isClosed(state), allows(token) else { return nil }
        let rows = index.extend(state.rows, by: token)
        return index.holds(rows, in: passing) ? State(rows: rows, isComplete: isEnd(token)) : nil
    }

    package func advance(_ states: [State], by tokens: [Int32]) -> [State?] {
        var rows = states.map { isClosed($0) ? FMIndex.Rows(low: 0, high: 0) : $0.rows }
        index.extend(&rows, by: tokens)
        return zip(rows, tokens).map { rows, token in
            allows(token) && index.holds(rows, in: passing) ? State(rows: rows, isComplete: isEnd(token)) : nil
        }
    }

    package func branching(of state: State) -> Int { min(state.rows.count, index.alphabetSize) }

    package func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        guard !isClosed(state) else { return }
        for item in index.continuations(of: state.rows)
        where allows(item.token) && index.holds(item.rows, in: passing) {
            body(item.token, State(rows: item.rows, isComplete: isEnd(item.token)))
        }
    }

    package func isComplete(_ state: State) -> Bool { state.isComplete }

    package func makeWorkspace() -> ExtensionSearch { ExtensionSearch(index, allowed: allowed, passing: passing) }

    /// One exact step of many beams; see ``ExtensionSearch``.
    package func best(
        _ k: Int, of beams: [DenseBeam<State>], minimum: Float, workspace: inout ExtensionSearch
    ) -> [Candidate<State>] {
        let open = beams.filter { !isClosed($0.state) }
        let found = workspace.best(
            k, of: open.map { .init(rows: $0.state.rows, logProb: $0.logProb, scores: $0.scores) },
            minimum: minimum)
        return found.map { item in
            Candidate(
                beam: open[item.beam].beam, token: item.token, logProb: item.score,
                state: State(rows: item.rows, isComplete: isEnd(item.token)))
        }
    }
}
