import Foundation
import Memory
import Ranking

/// Short runs of words, three to twelve as in questions, drawn where a passage's rare words stand.
///
///     rarity(word) = log((N + 1) / (count(word) + 1)), 0 for stop words
///     p(run)       ~ (mean rarity of its words)^3
///
/// A run begins and ends with a word that has rarity, stays in one sentence, and shares no word with one
/// drawn before.
public struct SpanMaker: PassageQueryMaker {
    public let name = "spans"
    private let analyzer = TermAnalyzer()
    private let tokenCount: Int
    /// How often a word occurs in the corpus.
    private let count: @Sendable (String) -> Int

    static let lengths = 3...12

    /// - Parameters:
    ///   - tokenCount: N, the tokens of the corpus.
    ///   - count: how often a word occurs in it; called from many threads.
    public init(tokenCount: Int, count: @escaping @Sendable (String) -> Int) {
        self.tokenCount = tokenCount
        self.count = count
    }

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        let words = passage.text.split(whereSeparator: \.isWhitespace)
        var known: [Substring: Double] = [:]
        let rarities = words.map { word -> Double in
            let bare = QueryText.trimmed(word)
            if let rarity = known[bare] { return rarity }
            let rarity = rarity(String(bare))
            known[bare] = rarity
            return rarity
        }
        let sums = rarities.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let sentences = words.reduce(into: [0]) { $0.append($0[$0.count - 1] + (Self.ends($1) ? 1 : 0)) }
        var isTaken = [Bool](repeating: false, count: words.count)
        var queries: [String] = []
        for _ in 0..<count {
            let length = Int.random(in: Self.lengths, using: &random)
            guard let start = draw(length, rarities, sums, sentences, isTaken, &random) else { continue }
            for place in start..<start + length { isTaken[place] = true }
            let run = words[start..<start + length].joined(separator: " ")
            queries.append(String(QueryText.trimmed(run[...])))
        }
        return queries
    }

    private func rarity(_ word: String) -> Double {
        guard !analyzer.terms(of: word).isEmpty else { return 0 }
        return max(0, log(Double(tokenCount + 1) / Double(count(word) + 1)))
    }

    /// Whether a sentence may end with this word.
    private static func ends(_ word: Substring) -> Bool {
        guard let last = word.last(where: { !"\"')]}”’»".contains($0) }) else { return false }
        return ".!?。！？".contains(last)
    }

    /// Where a run of this length starts; nil where none can.
    private func draw(
        _ length: Int, _ rarities: [Double], _ sums: [Double], _ sentences: [Int], _ isTaken: [Bool],
        _ random: inout SeededGenerator
    ) -> Int? {
        guard length <= rarities.count else { return nil }
        let weights = (0...rarities.count - length).map { start -> Double in
            let end = start + length
            guard rarities[start] > 0, rarities[end - 1] > 0, sentences[start] == sentences[end - 1],
                !isTaken[start..<end].contains(true)
            else { return 0 }
            return pow((sums[end] - sums[start]) / Double(length), 3)
        }
        var left = random.unit() * weights.reduce(0, +)
        for (start, weight) in weights.enumerated() where weight > 0 {
            left -= weight
            if left < 0 { return start }
        }
        return weights.lastIndex { $0 > 0 }
    }
}
