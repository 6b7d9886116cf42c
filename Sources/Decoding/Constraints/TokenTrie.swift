/// Allows the token sequences of a fixed list: titles, candidates, docids.
///
/// The sequences are sorted and laid out once; a state is the range of those that share a prefix. An
/// advance is a binary search at one depth, the allowed tokens are a walk over the range, and
/// nothing is stored besides the sequences themselves.
public struct TokenTrie: Constraint {
    public struct State: Sendable, Equatable {
        /// The sequences that begin with the prefix.
        public var sequences: Range<Int>
        /// The length of the prefix.
        public var depth: Int
    }

    /// The sequences' tokens, one after the other, in lexicographic order.
    private let tokens: [Int32]
    /// Where each sequence starts, and the end.
    private let starts: [Int]

    /// Empty sequences and repetitions are left out.
    public init(_ sequences: some Sequence<[Int32]>) {
        var tokens: [Int32] = []
        var starts = [0]
        var last: [Int32] = []
        for sequence in sequences.sorted(by: { $0.lexicographicallyPrecedes($1) })
        where !sequence.isEmpty && sequence != last {
            tokens += sequence
            starts.append(tokens.count)
            last = sequence
        }
        self.tokens = tokens
        self.starts = starts
    }

    /// The number of sequences.
    public var count: Int { starts.count - 1 }

    /// A sequence, in lexicographic order.
    public subscript(index: Int) -> ArraySlice<Int32> { tokens[starts[index]..<starts[index + 1]] }

    public var initialState: State { State(sequences: 0..<count, depth: 0) }

    /// The token of a sequence at a depth; before all others where the sequence has ended.
    private func token(_ sequence: Int, _ depth: Int) -> Int32 {
        let place = starts[sequence] + depth
        return place < starts[sequence + 1] ? tokens[place] : .min
    }

    /// The first sequence of a range whose token at a depth is `token` or above.
    private func firstIndex(_ range: Range<Int>, _ depth: Int, from token: Int32) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if self.token(middle, depth) < token { low = middle + 1 } else { high = middle }
        }
        return low
    }

    public func advance(_ state: State, by token: Int32) -> State? {
        guard token > .min else { return nil }
        let low = firstIndex(state.sequences, state.depth, from: token)
        guard low < state.sequences.upperBound, self.token(low, state.depth) == token else { return nil }
        return State(sequences: low..<end(of: token, from: low, state), depth: state.depth + 1)
    }

    private func end(of token: Int32, from low: Int, _ state: State) -> Int {
        guard token < .max else { return state.sequences.upperBound }
        return firstIndex(low..<state.sequences.upperBound, state.depth, from: token + 1)
    }

    public func branching(of state: State) -> Int { state.sequences.count }

    public func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        var low = firstIndex(state.sequences, state.depth, from: .min + 1)
        while low < state.sequences.upperBound {
            let token = token(low, state.depth)
            let high = end(of: token, from: low, state)
            body(token, State(sequences: low..<high, depth: state.depth + 1))
            low = high
        }
    }

    /// Whether the prefix is a whole sequence, of which others may be continuations.
    public func isWhole(_ state: State) -> Bool {
        !state.sequences.isEmpty && state.depth > 0 && token(state.sequences.lowerBound, state.depth) == .min
    }

    /// Whether the prefix is a whole sequence and no other continues it.
    public func isComplete(_ state: State) -> Bool { state.sequences.count == 1 && isWhole(state) }
}
