import Memory

/// Short runs of words, three to twelve as in questions, drawn where a passage's rare words stand; see
/// ``SalientWords``.
package struct SpanQueries: PassageQueryGenerator {
    package let name = "spans"
    private let rarity: WordRarity

    static let lengths = 3...12

    /// - Parameters:
    ///   - tokenCount: the tokens of the corpus.
    ///   - count: how often a word occurs in it; called from many threads.
    package init(tokenCount: Int, count: @escaping @Sendable (String) -> Int) {
        rarity = WordRarity(tokenCount: tokenCount, count: count)
    }

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        var words = SalientWords(passage.text, rarity)
        return (0..<count).compactMap { _ in
            words.draw(Int.random(in: Self.lengths, using: &random), &random)
        }
    }
}
