import Memory

/// A passage's discriminative terms and short n-grams: what DynamicRetriever learns docids from before it sees
/// queries (Zhou et al. 2023; its term and n-gram tasks).
///
/// Every other query, drawn with even chance, is a single word, of which
///
///     p(word) ~ (its places in the passage) · rarity(word)^3
///
/// and the others are n-grams of two to four words, drawn as ``SalientWords`` draws runs. None is drawn
/// twice. The paper's code takes the words of highest tf-idf instead, all in one query.
package struct TermQueries: PassageQueryGenerator {
    package let name = "terms"
    private let rarity: WordRarity

    static let lengths = 2...4

    /// - Parameters:
    ///   - tokenCount: the tokens of the corpus.
    ///   - count: how often a word occurs in it; called from many threads.
    package init(tokenCount: Int, count: @escaping @Sendable (String) -> Int) {
        rarity = WordRarity(tokenCount: tokenCount, count: count)
    }

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        var words = SalientWords(passage.text, rarity)
        var known: Set<String> = []
        return (0..<count).compactMap { _ in
            let query =
                Bool.random(using: &random)
                ? words.drawWord(&random)
                : words.draw(Int.random(in: Self.lengths, using: &random), &random)
            return query.flatMap { known.insert($0.lowercased()).inserted ? $0 : nil }
        }
    }
}
