import Decoding
import FMIndex

/// Allows the n-grams that occur in the corpus: the FM-index as a decoding constraint.
///
/// The state is the row range, so that a step costs one backward step. The document end and the
/// tokens in `excluded` (unknown word, marks) are never generated: an n-gram stays inside one
/// passage, in every search.
public struct NgramConstraint: Constraint {
    /// Where n-grams may start.
    public enum Anchor: Sendable {
        /// Anywhere inside passages; title ends are not part of an n-gram.
        case anywhere
        /// At a passage's start; the n-gram is complete with its title end.
        case title
    }

    public struct State: Sendable, Equatable {
        public var rows: FMIndex.Rows
        public var isComplete = false
    }

    public let index: FMIndex
    public let anchor: Anchor
    private let excluded: Set<Int32>

    public init(index: FMIndex, excluded: Set<Int32>, anchor: Anchor = .anywhere) {
        self.index = index
        self.anchor = anchor
        self.excluded = excluded.union([index.documentEnd])
            .union(anchor == .anywhere ? [index.titleEnd] : [])
            .subtracting(anchor == .title ? [index.titleEnd] : [])
    }

    public var initialState: State {
        State(rows: anchor == .title ? index.documentStarts : index.all)
    }

    public func allows(_ token: Int32) -> Bool { !excluded.contains(token) }

    public func advance(_ state: State, by token: Int32) -> State? {
        guard !state.isComplete, allows(token) else { return nil }
        let rows = index.extend(state.rows, by: token)
        return rows.isEmpty ? nil : State(rows: rows, isComplete: token == index.titleEnd)
    }

    public func branching(of state: State) -> Int { min(state.rows.count, index.alphabetSize) }

    public func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        guard !state.isComplete else { return }
        for item in index.continuations(of: state.rows) where allows(item.token) {
            body(item.token, State(rows: item.rows, isComplete: item.token == index.titleEnd))
        }
    }

    public func isComplete(_ state: State) -> Bool { state.isComplete }
}
