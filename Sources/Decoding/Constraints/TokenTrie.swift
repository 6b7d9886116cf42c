import Memory

/// Allows the token sequences of a fixed list: titles, candidates, docids.
///
/// The sequences are sorted and laid out once, each token in as few bytes as the largest needs; a
/// state is the range of those that share a prefix. An advance is a search of the range at one depth
/// in O(log range), and nothing is stored besides the sequences and where they start: a million
/// titles of six tokens take 16 bytes each.
///
/// A whole sequence that is a prefix of another is not complete, because something may follow it. It
/// can only end by an end token: that is what ``init(_:endingWith:)`` is for, and what models that
/// were trained with an end token expect anyway.
public struct TokenTrie: Constraint {
    public struct State: Sendable, Equatable {
        /// The sequences that begin with the prefix.
        public var sequences: Range<Int>
        /// The length of the prefix.
        public var depth: Int
    }

    /// The sequences' tokens, one after the other, in lexicographic order.
    let tokens: PackedTokens
    /// Where each sequence starts, and the end.
    let starts: FrozenArray<UInt32>

    /// A trie of sequences in any order. Empty ones and repetitions are left out.
    ///
    /// - Precondition: fewer than 2^32 tokens in all.
    /// - Complexity: O(n log n) comparisons of sequences.
    public init(_ sequences: some Sequence<[Int32]>) {
        self.init(sequences, ending: [])
    }

    /// A trie of sequences that each get an end token after them, so that one may be a prefix of
    /// another. Empty ones and repetitions are left out.
    public init(_ sequences: some Sequence<[Int32]>, endingWith end: Int32) {
        self.init(sequences, ending: [end])
    }

    private init(_ sequences: some Sequence<[Int32]>, ending: [Int32]) {
        var tokens: [Int32] = []
        var starts: [UInt32] = [0]
        var last: [Int32] = []
        let ended = sequences.filter { !$0.isEmpty }.map { ending.isEmpty ? $0 : $0 + ending }
        for sequence in ended.sorted(by: { $0.lexicographicallyPrecedes($1) }) where sequence != last {
            tokens += sequence
            precondition(tokens.count <= Int(UInt32.max), "a token trie holds fewer than 2^32 tokens")
            starts.append(UInt32(tokens.count))
            last = sequence
        }
        self.init(tokens: PackedTokens(tokens), starts: FrozenArray(starts))
    }

    init(tokens: PackedTokens, starts: FrozenArray<UInt32>) {
        self.tokens = tokens
        self.starts = starts
    }

    /// The number of sequences.
    public var count: Int { starts.count - 1 }

    /// The number of bytes that the trie takes.
    public var byteCount: Int { tokens.bytes.byteCount + starts.byteCount }

    /// A sequence, in lexicographic order.
    public subscript(index: Int) -> [Int32] {
        (Int(starts[index])..<Int(starts[index + 1])).map { tokens[$0] }
    }

    public var initialState: State { State(sequences: 0..<count, depth: 0) }

    /// A sequence's token at a depth; below all others where the sequence has ended.
    @inline(__always)
    private func token(_ sequence: Int, _ depth: Int) -> Int {
        let place = Int(starts[sequence]) + depth
        return place < Int(starts[sequence + 1]) ? Int(tokens[place]) : .min
    }

    /// The first sequence of a range whose token at a depth is `token` or above.
    ///
    /// Looks in doubling steps from the start: O(log of the distance).
    private func firstIndex(_ range: Range<Int>, _ depth: Int, from token: Int) -> Int {
        var (low, step) = (range.lowerBound, 1)
        var high = range.upperBound
        while low < range.upperBound {
            let probe = min(low + step, range.upperBound) - 1
            if self.token(probe, depth) >= token {
                high = probe
                break
            }
            low = probe + 1
            step *= 2
        }
        while low < high {
            let middle = low + (high - low) / 2
            if self.token(middle, depth) < token { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The sequences of a range whose token at a depth is `token`, which the first one has.
    private func group(_ range: Range<Int>, _ depth: Int, _ token: Int) -> State {
        let end = firstIndex(range, depth, from: token + 1)
        return State(sequences: range.lowerBound..<end, depth: depth + 1)
    }

    /// O(log of the sequences that share the prefix).
    public func advance(_ state: State, by token: Int32) -> State? {
        let rest = firstIndex(state.sequences, state.depth, from: Int(token))..<state.sequences.upperBound
        guard !rest.isEmpty, self.token(rest.lowerBound, state.depth) == Int(token) else { return nil }
        return group(rest, state.depth, Int(token))
    }

    public func branching(of state: State) -> Int { state.sequences.count }

    /// O(log of a token's sequences) for each allowed token.
    public func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        let (depth, end) = (state.depth, state.sequences.upperBound)
        // Those that have ended come first; there is at most one.
        var low = state.sequences.lowerBound
        if low < end, token(low, depth) == .min { low += 1 }
        while low < end {
            let token = token(low, depth)
            let next = group(low..<end, depth, token)
            body(Int32(token), next)
            low = next.sequences.upperBound
        }
    }

    /// Whether the prefix is a whole sequence, of which others may be continuations.
    public func isWhole(_ state: State) -> Bool {
        !state.sequences.isEmpty && state.depth > 0 && token(state.sequences.lowerBound, state.depth) == .min
    }

    /// The place of the whole sequence that the prefix is, in lexicographic order.
    public func index(of state: State) -> Int? { isWhole(state) ? state.sequences.lowerBound : nil }

    /// Whether the prefix is a whole sequence and no other continues it.
    public func isComplete(_ state: State) -> Bool { state.sequences.count == 1 && isWhole(state) }
}
