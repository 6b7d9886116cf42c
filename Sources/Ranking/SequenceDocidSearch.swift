import Decoding
import Memory
import Search

/// Retrieval by docids that a network writes token by token, under a trie of those that exist.
///
/// Probabilities are the model's over all tokens and are not shared out anew among those that the trie
/// allows. A passage scores 1 / (1 - log p) of its docid, a share that a merge can use where probabilities
/// of long docids are no floats any more; with a look-ahead, prefixes and passages score what
/// ``LookAhead`` makes of that.
package struct SequenceDocidSearch: Sendable {
    package let trie: TokenTrie
    /// The passage of each docid, by its place in the trie.
    package let passages: FrozenArray<Int32>
    private let longest: Int

    /// - Precondition: every docid has a passage, and no two the same.
    package init(trie: TokenTrie, passages: FrozenArray<Int32>) {
        precondition(trie.count == passages.count)
        self.trie = trie
        self.passages = passages
        longest = (0..<trie.count).map { trie[$0].count }.max() ?? 0
    }

    /// The docids of passages from 0 on.
    package init(_ sequences: [[Int32]]) {
        let order = sequences.indices.sorted { sequences[$0].lexicographicallyPrecedes(sequences[$1]) }
        self.init(trie: TokenTrie(sequences), passages: FrozenArray(order.map(Int32.init)))
    }

    /// The tokens of the longest docid.
    package var depth: Int { longest }

    /// The best `k` passages that a beam search finds: score falling, then index rising.
    ///
    /// - Parameters:
    ///   - passing: the passages whose docids are generated; nil for all.
    ///   - vocabulary: nil where only docids that exist are generated; else all of so many tokens may follow each
    ///     other, what is no docid takes its beam with it, and there is no look-ahead.
    /// - Precondition: a look-ahead has a score for every passage.
    package func search(
        _ model: some StepModel, lookAhead: LookAhead? = nil, k: Int, beams: Int, passing: PlaceSet? = nil,
        freely vocabulary: Int? = nil, cancellation: Cancellation = .never
    ) -> DocidResult<PassageIndex> {
        let rule = PassingSequences(
            trie, passing.map { set in passages.indices.map { set.contains(Int(passages[$0])) } })
        if let vocabulary {
            let search = BeamSearch(.init(beams: beams, maximumLength: longest), cancellation: cancellation)
            let free = FreeSequences(trie: trie, vocabularySize: vocabulary)
            let whole = search.run(model, free).compactMap { hypothesis in
                hypothesis.state.docids.flatMap { trie.isComplete($0) ? ($0, Self.share(hypothesis.logProb)) : nil }
            }
            let passages = passages
            return result(
                whole.filter { state, _ in
                    guard let passing, let place = trie.index(of: state) else { return true }
                    return passing.contains(Int(passages[place]))
                }, k)
        }
        guard let lookAhead else {
            let search = BeamSearch(.init(beams: beams, maximumLength: longest), cancellation: cancellation)
            let found = passing == nil ? search.run(model, trie) : search.run(model, rule)
            return result(found.filter(\.isComplete).map { ($0.state, Self.share($0.logProb)) }, k)
        }
        return result(lookingAhead(model, lookAhead, rule, beams: beams, cancellation), k)
    }

    /// ``BeamSearch`` with prefixes ordered by what the look-ahead makes of their scores.
    ///
    /// - Complexity: O(passages) once; then O(log passages) a prefix that the trie allows.
    private func lookingAhead<Model: StepModel>(
        _ model: Model, _ lookAhead: LookAhead, _ rule: PassingSequences, beams: Int, _ cancellation: Cancellation
    ) -> [(state: TokenTrie.State, score: Float)] {
        precondition(lookAhead.scores.count == passages.count, "a look-ahead knows every passage")
        let ahead = RangeMaximum(passages.indices.map { lookAhead.scores[Int(passages[$0])] })
        var alive = [(state: trie.initialState, model: model.initialState, logProb: Float(0))]
        var found: [(state: TokenTrie.State, score: Float)] = []
        var scores = StepScores()
        while !alive.isEmpty, beams > 0, !cancellation.isRaised {
            scores.removeAll()
            model.score(alive.map(\.model), into: &scores)
            // Equal ones in the order of the beams, then of the tokens.
            var candidates: [(beam: Int, token: Int32, state: TokenTrie.State, logProb: Float)] = []
            var best = TopK<Int>(capacity: 2 * beams)
            for (row, beam) in alive.enumerated() {
                rule.forEachAllowed(in: beam.state) { token, next in
                    let logProb = beam.logProb + scores.logProb(of: token, inRow: row)
                    guard logProb > -.infinity else { return }
                    let score = lookAhead.score(Self.share(logProb), ahead: ahead[next.sequences])
                    best.offer(candidates.count, score: score)
                    candidates.append((row, token, next, logProb))
                }
            }
            var next: [(state: TokenTrie.State, model: Model.State, logProb: Float)] = []
            for item in best.sorted() {
                let (row, token, state, logProb) = candidates[item.id]
                if trie.isComplete(state) {
                    found.append((state, item.score))
                } else if next.count < beams {
                    next.append((state, model.advance(alive[row].model, by: token), logProb))
                }
            }
            alive = next
        }
        return found
    }

    private func result(
        _ found: [(state: TokenTrie.State, score: Float)], _ k: Int
    ) -> DocidResult<PassageIndex> {
        var top = TopK<PassageIndex>(capacity: k)
        var invalid = 0
        for (state, score) in found {
            guard let place = trie.index(of: state) else {
                invalid += 1
                continue
            }
            top.offer(PassageIndex(passages[place]), score: score)
        }
        return .init(passages: top.sorted(), docidCount: found.count, invalidDocids: invalid)
    }

    private static func share(_ logProb: Float) -> Float { 1 / (1 - logProb) }

    /// The docid of a passage; O(passages).
    package func docid(of passage: PassageIndex) -> [Int32] {
        passages.indices.first { passages[$0] == passage.rawValue }.map { trie[$0] } ?? []
    }
}

/// Any tokens: what models without constrained decoding write. A prefix of no docid goes on until the longest one's end.
private struct FreeSequences: Constraint {
    struct State: Sendable {
        /// The docids that begin so; nil where none does.
        var docids: TokenTrie.State?
    }

    let trie: TokenTrie
    let vocabularySize: Int

    var initialState: State { State(docids: trie.initialState) }

    func advance(_ state: State, by token: Int32) -> State? {
        token >= 0 && Int(token) < vocabularySize
            ? State(docids: state.docids.flatMap { trie.advance($0, by: token) }) : nil
    }

    func branching(of state: State) -> Int { vocabularySize }

    func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        for token in 0..<Int32(vocabularySize) {
            if let next = advance(state, by: token) { body(token, next) }
        }
    }

    func isComplete(_ state: State) -> Bool { state.docids.map(trie.isComplete) ?? false }
}

/// A trie's sequences without those of passages that may not be found.
private struct PassingSequences: Constraint {
    private let trie: TokenTrie
    /// For each place of the trie how many sequences before it pass; empty where all do.
    private var before: [Int32] = []

    init(_ trie: TokenTrie, _ passes: [Bool]?) {
        self.trie = trie
        guard let passes else { return }
        before = [0]
        for isPassing in passes { before.append((before.last ?? 0) + (isPassing ? 1 : 0)) }
    }

    private func allows(_ state: TokenTrie.State) -> Bool {
        before.isEmpty || before[state.sequences.upperBound] > before[state.sequences.lowerBound]
    }

    var initialState: TokenTrie.State { trie.initialState }

    func advance(_ state: TokenTrie.State, by token: Int32) -> TokenTrie.State? {
        trie.advance(state, by: token).flatMap { allows($0) ? $0 : nil }
    }

    func branching(of state: TokenTrie.State) -> Int { trie.branching(of: state) }

    func forEachAllowed(in state: TokenTrie.State, _ body: (Int32, TokenTrie.State) -> Void) {
        trie.forEachAllowed(in: state) { token, next in
            if allows(next) { body(token, next) }
        }
    }

    func isComplete(_ state: TokenTrie.State) -> Bool { trie.isComplete(state) }
}
