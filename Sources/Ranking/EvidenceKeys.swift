/// The keys of one query as evidence takes them, the same for all segments of an index.
struct EvidenceKeys: Sendable {
    /// What a floor has scored, then weight falling, then tokens rising.
    let keys: [Key]
    /// How often each key occurs where it may nominate.
    let occurrences: [Int]
    /// The weight of single tokens that no key explains; indexed by token.
    let unigrams: [Float]
    let trie: KeyTrie
    /// Every token is below it.
    let vocabulary: Int
    /// The place of each key among those that were given.
    private let order: [Int]

    /// - Parameters:
    ///   - given: distinct; those of weight 0 and those that the corpus does not hold are left out.
    ///   - occurrences: how often each occurs in the passages that may be found, over all segments; nil where it counts how
    ///     often it does in the corpus.
    ///   - unigrams: weights of single tokens.
    ///   - vocabulary: every token of the corpus is below it.
    init(_ given: [Key], occurrences: [Int]?, unigrams: [Int32: Float], vocabulary: Int) {
        order = given.indices.filter {
            (given[$0].weight > 0 || given[$0].isTerm) && given[$0].count > 0
        }.sorted { a, b in
            if given[a].isTerm != given[b].isTerm { return given[a].isTerm }
            return given[a].weight != given[b].weight
                ? given[a].weight > given[b].weight : given[a].tokens.lexicographicallyPrecedes(given[b].tokens)
        }
        keys = order.map { given[$0] }
        self.occurrences = order.map { occurrences?[$0] ?? given[$0].count }
        self.vocabulary = vocabulary
        var table = [Float](repeating: 0, count: vocabulary)
        for (token, weight) in unigrams where Int(token) < vocabulary { table[Int(token)] = weight }
        self.unigrams = table
        trie = KeyTrie(keys, vocabulary: vocabulary)
    }

    /// What belongs to the keys that were given, in the order of those that are left.
    func ordered<Value>(_ values: [Value]) -> [Value] { order.map { values[$0] } }
}
