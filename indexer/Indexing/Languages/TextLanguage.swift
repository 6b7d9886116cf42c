import Foundation
import Ranking

/// What language a corpus is in, as far as an index has to know: which rules make its terms, and whether an English
/// encoder understands it.
///
/// The first that holds:
///
/// 1. A fifth of the letters or more are of scripts that run words together, Hangul included: plain.
/// 2. The words that tell one language by make up a twenty-fifth of all words or more, and those of no other language more:
///    that one.
/// 3. Half of the letters or more are not Latin: plain.
/// 4. English.
public struct TextLanguage: Sendable, Equatable {
    /// Why a language was chosen.
    public enum Evidence: Sendable, Equatable {
        /// The share of letters in scripts that run words together.
        case unspaced(Double)
        /// The share of words that tell the language.
        case words(Double)
        /// The share of letters that are not Latin.
        case script(Double)
        /// Nothing speaks for any other.
        case none
        /// Whoever builds the index said so.
        case told
    }

    /// The rules of the terms.
    public let terms: TermLanguage
    public let evidence: Evidence

    public init(terms: TermLanguage, evidence: Evidence) { (self.terms, self.evidence) = (terms, evidence) }

    static let leastUnspaced = 0.2
    static let leastTelling = 0.04
    static let leastForeign = 0.5

    init(of texts: some Sequence<String>) {
        var tally = LanguageTally()
        for text in texts { tally.add(text) }
        if tally.unspaced >= Self.leastUnspaced {
            self.init(terms: .plain, evidence: .unspaced(tally.unspaced))
        } else if let best = tally.best, best.share >= Self.leastTelling {
            self.init(terms: best.language, evidence: .words(best.share))
        } else if tally.foreign >= Self.leastForeign {
            self.init(terms: .plain, evidence: .script(tally.foreign))
        } else {
            self.init(terms: .english, evidence: .none)
        }
    }
}

/// Counts of letters and words of texts.
private struct LanguageTally {
    private var letters = 0
    private var unspacedLetters = 0
    private var foreignLetters = 0
    private var words = 0
    private var found = [Int](repeating: 0, count: TellingWords.lists.count)

    /// The lists that have a word.
    private static let lists = {
        var lists: [Substring: [Int]] = [:]
        for (number, list) in TellingWords.lists.enumerated() {
            for word in list.words { lists[word, default: []].append(number) }
        }
        return lists
    }()

    private static let plain = TermAnalyzer(language: .plain)

    mutating func add(_ text: String) {
        let scalars = text.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars
        for scalar in scalars where scalar.properties.isAlphabetic {
            letters += 1
            if Self.plain.givesPairs(scalar) { unspacedLetters += 1 }
            if !Self.isLatin(scalar) { foreignLetters += 1 }
        }
        for word in scalars.split(whereSeparator: { !Self.isPart($0) }) {
            words += 1
            for list in Self.lists[Substring(word)] ?? [] { found[list] += 1 }
        }
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x0250, 0x1E00..<0x1F00, 0xFF21...0xFF5A: true
        default: false
        }
    }

    private func share(_ count: Int, of all: Int) -> Double { all == 0 ? 0 : Double(count) / Double(all) }

    var unspaced: Double { share(unspacedLetters, of: letters) }

    var foreign: Double { share(foreignLetters, of: letters) }

    /// The language whose words are most; the first of several.
    var best: (language: TermLanguage, share: Double)? {
        let best = found.indices.max { (found[$0], $1) < (found[$1], $0) }
        return best.map { (TellingWords.lists[$0].language, share(found[$0], of: words)) }
    }
}
