import Foundation
import Memory

/// Passages of made-up text that an index finds about as hard as web passages.
///
/// Tokens follow the Zipf-Mandelbrot law. The next token is one of 64 preferred successors of the
/// last one (55 %), a token that stood up to 20 places back (10 %), the start of one of 200,000
/// phrases (3 %), which then runs to its end, or else any token.
package struct ZipfText: Sendable {
    package static let documentEnd: Int32 = 2
    /// Smaller ids are left to special tokens.
    package static let firstToken = 4
    static let successorCount = 64
    static let phraseCount = 200_000
    static let phraseLength = 6
    static let lengthSpread = 0.42
    static let lengths = 10...250

    private let meanOfLogLength: Double
    private let tokenOfRank: [Int32]
    private let ranks: AliasTable
    private let successors: [Int32]
    private let successorRanks: AliasTable
    private let phrases: [Int32]
    private let phraseRanks: AliasTable

    /// - Parameters:
    ///   - mean: The mean length of a passage before it is clipped, with its end.
    ///   - alphabet: One more than the largest token id.
    package init(mean: Double, alphabet: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        meanOfLogLength = log(mean) - Self.lengthSpread * Self.lengthSpread / 2
        let tokenCount = alphabet - Self.firstToken
        tokenOfRank = (Self.firstToken..<alphabet).map { Int32($0) }.shuffled(using: &random)
        ranks = AliasTable(weights: (1...tokenCount).map { pow(Double($0) + 2.7, -1.05) })
        successorRanks = AliasTable(weights: (1...Self.successorCount).map { 1 / Double($0) })
        phraseRanks = AliasTable(weights: (1...Self.phraseCount).map { pow(Double($0) + 10, -0.9) })

        var successors: [Int32] = []
        for _ in 0..<alphabet * Self.successorCount {
            successors.append(tokenOfRank[ranks.draw(random.next())])
        }
        var phrases: [Int32] = []
        for _ in 0..<Self.phraseCount {
            var token = tokenOfRank[ranks.draw(random.next())]
            phrases.append(token)
            for _ in 1..<Self.phraseLength {
                token = successors[Int(token) * Self.successorCount + successorRanks.draw(random.next())]
                phrases.append(token)
            }
        }
        self.successors = successors
        self.phrases = phrases
    }

    /// A word for each token id.
    ///
    /// - Parameter spelling: the word of a rank of frequency; 0 is the most frequent.
    func words(spelling: (Int) -> String) -> [String] {
        var words = [String](repeating: "", count: Self.firstToken + tokenOfRank.count)
        for (rank, token) in tokenOfRank.enumerated() { words[Int(token)] = spelling(rank) }
        return words
    }

    /// Appends a passage and its end.
    package func appendPassage(to text: inout [Int32], random: inout SeededGenerator) {
        let start = text.count
        let end = start + drawLength(&random) - 1
        var token = tokenOfRank[ranks.draw(random.next())]
        text.append(token)
        while text.count < end {
            let choice = random.next()
            switch Double(choice >> 11) * 0x1p-53 {
            case ..<0.55:
                token = successors[Int(token) * Self.successorCount + successorRanks.draw(random.next())]
            case ..<0.65:
                token = text[max(start, text.count - 1 - Int(random.next() % 20))]
            case ..<0.68:
                let phrase = phraseRanks.draw(random.next()) * Self.phraseLength
                let length = min(Self.phraseLength, end - text.count)
                text += phrases[phrase..<phrase + length]
                token = phrases[phrase + length - 1]
                continue
            default:
                token = tokenOfRank[ranks.draw(random.next())]
            }
            text.append(token)
        }
        text.append(Self.documentEnd)
    }

    /// A length with its end, from a lognormal distribution.
    private func drawLength(_ random: inout SeededGenerator) -> Int {
        let length = exp(meanOfLogLength + Self.lengthSpread * random.gaussian())
        return min(max(Int(length), Self.lengths.lowerBound), Self.lengths.upperBound)
    }
}
