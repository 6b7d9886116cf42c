import Corpora
import Foundation
import Memory
import Ranking

/// How rare words are in a corpus.
///
///     rarity(word) = log((N + 1) / (count(word) + 1)), 0 for stop words
struct WordRarity: Sendable {
    private let analyzer = TermAnalyzer()
    private let tokenCount: Int
    private let count: @Sendable (String) -> Int

    /// - Parameters:
    ///   - tokenCount: N, the tokens of the corpus.
    ///   - count: how often a word occurs in it; called from many threads.
    init(tokenCount: Int, count: @escaping @Sendable (String) -> Int) {
        self.tokenCount = tokenCount
        self.count = count
    }

    subscript(word: String) -> Double {
        guard !analyzer.terms(of: word).isEmpty else { return 0 }
        return max(0, log(Double(tokenCount + 1) / Double(count(word) + 1)))
    }
}

/// The words of a passage, of which runs are drawn where the rare ones stand:
///
///     p(run) ~ (mean rarity of its words)^3
///
/// A run begins and ends with a word that has rarity, stays in one sentence, and shares no word with one
/// drawn before.
struct SalientWords {
    private let words: [Substring]
    private let rarities: [Double]
    /// The sums of the rarities, and the numbers of sentence ends, before each word.
    private let sums: [Double]
    private let sentences: [Int]
    private var isTaken: [Bool]

    init(_ text: String, _ rarity: WordRarity) {
        words = WhiteSpace.words(of: text)
        var known: [Substring: Double] = [:]
        rarities = words.map { word -> Double in
            let bare = QueryText.trimmed(word)
            if let rarity = known[bare] { return rarity }
            let found = rarity[String(bare)]
            known[bare] = found
            return found
        }
        sums = rarities.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        sentences = words.reduce(into: [0]) { $0.append($0[$0.count - 1] + (Self.ends($1) ? 1 : 0)) }
        isTaken = [Bool](repeating: false, count: words.count)
    }

    /// Draws a run of so many words, without marks at its ends; nil where there is none left.
    mutating func draw(_ length: Int, _ random: inout SeededGenerator) -> String? {
        guard let start = place(length, &random) else { return nil }
        for place in start..<start + length { isTaken[place] = true }
        let run = words[start..<start + length].joined(separator: " ")
        return String(QueryText.trimmed(run[...]))
    }

    /// Draws a word in proportion to its places and the cube of its rarity, and takes all its places.
    mutating func drawWord(_ random: inout SeededGenerator) -> String? {
        guard let word = draw(1, &random) else { return nil }
        let own = word.lowercased()
        for place in words.indices where QueryText.trimmed(words[place]).lowercased() == own {
            isTaken[place] = true
        }
        return word
    }

    /// Whether a sentence may end with this word.
    private static func ends(_ word: Substring) -> Bool {
        guard let last = word.last(where: { !"\"')]}”’»".contains($0) }) else { return false }
        return ".!?。！？".contains(last)
    }

    /// Where a run of this length starts; nil where none can.
    private func place(_ length: Int, _ random: inout SeededGenerator) -> Int? {
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
