import Decoding
import Memory

/// Retrieval by docids that a network writes token by token, under a trie of those that exist.
///
/// A passage scores the log-probability of its docid; probabilities are the model's over all tokens and are
/// not shared out anew among those that the trie allows.
public struct SequenceDocidRetriever: Sendable {
    public let trie: TokenTrie
    /// The passage of each docid, by its place in the trie.
    public let passages: FrozenArray<Int32>
    private let longest: Int

    /// - Precondition: every docid has a passage, and no two the same.
    public init(trie: TokenTrie, passages: FrozenArray<Int32>) {
        precondition(trie.count == passages.count)
        self.trie = trie
        self.passages = passages
        longest = (0..<trie.count).map { trie[$0].count }.max() ?? 0
    }

    /// The docids of passages from 0 on.
    public init(_ sequences: [[Int32]]) {
        let order = sequences.indices.sorted { sequences[$0].lexicographicallyPrecedes(sequences[$1]) }
        self.init(trie: TokenTrie(sequences), passages: FrozenArray(order.map(Int32.init)))
    }

    /// The tokens of the longest docid.
    public var depth: Int { longest }

    /// The best `k` passages that a beam search finds.
    public func search(_ model: some StepModel, k: Int, beams: Int) -> DocidRetriever.Result {
        let found = BeamSearch(.init(beams: beams, maximumLength: longest)).run(model, trie).filter(\.isComplete)
        var top = TopDocuments(capacity: k)
        var invalid = 0
        for hypothesis in found {
            guard let place = trie.index(of: hypothesis.state) else {
                invalid += 1
                continue
            }
            top.offer(ScoredDocument(document: passages[place], score: hypothesis.logProb))
        }
        return .init(documents: top.sorted(), docidCount: found.count, invalidDocids: invalid)
    }

    /// The docid of a passage; O(passages).
    public func docid(of passage: Int32) -> [Int32] {
        passages.indices.first { passages[$0] == passage }.map { trie[$0] } ?? []
    }
}
