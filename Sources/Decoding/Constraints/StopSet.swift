/// Allows every token of a vocabulary but some, and patterns nowhere; ends after some tokens.
///
/// A deterministic automaton over prefixes (Aho and Corasick 1975): a state is the longest end of
/// the prefix that begins a pattern, so that a step is O(1) whatever the patterns.
public struct StopSet: Constraint {
    public struct State: Sendable, Equatable {
        /// The automaton's node; -1 after an end.
        var node: Int32
    }

    public let vocabularySize: Int
    /// The tokens that never occur: those of length one among the patterns included.
    public let never: Set<Int32>
    /// The tokens after which a sequence is complete.
    public let ends: Set<Int32>
    /// Where a token leads from a node, unless it leads where it leads from the root.
    private let moves: [UInt64: Int32]
    /// Whether a pattern ends at a node.
    private let isForbidden: [Bool]

    /// - Parameters:
    ///   - never: tokens that may not occur.
    ///   - ends: tokens after which nothing may follow. A pattern that one completes is still
    ///     forbidden.
    ///   - patterns: sequences that may not occur inside a sequence, at any place; empty ones are
    ///     left out.
    /// - Complexity: O(tokens of the patterns), times the number of patterns that nest in one
    ///   another.
    public init(
        vocabularySize: Int, never: Set<Int32> = [], ends: Set<Int32> = [], patterns: [[Int32]] = []
    ) {
        self.vocabularySize = vocabularySize
        self.never = never.union(patterns.filter { $0.count == 1 }.map { $0[0] })
        self.ends = ends
        (moves, isForbidden) = PatternAutomaton(patterns.filter { $0.count > 1 }).table()
    }

    public var initialState: State { State(node: 0) }

    private func allows(_ token: Int32) -> Bool {
        token >= 0 && Int(token) < vocabularySize && !never.contains(token)
    }

    /// O(1).
    public func advance(_ state: State, by token: Int32) -> State? {
        guard state.node >= 0, allows(token) else { return nil }
        var next: Int32 = 0
        if !moves.isEmpty {
            next =
                moves[PatternAutomaton.key(state.node, token)]
                ?? (state.node == 0 ? nil : moves[PatternAutomaton.key(0, token)]) ?? 0
        }
        if isForbidden[Int(next)] { return nil }
        return State(node: ends.contains(token) ? -1 : next)
    }

    public func branching(of state: State) -> Int { state.node < 0 ? 0 : vocabularySize }

    /// O(vocabulary).
    public func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        guard state.node >= 0 else { return }
        for token in 0..<Int32(vocabularySize) {
            if let next = advance(state, by: token) { body(token, next) }
        }
    }

    public func isComplete(_ state: State) -> Bool { state.node < 0 }
}
