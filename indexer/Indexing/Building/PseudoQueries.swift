import Corpora
import Foundation
import Memory
import Ranking

/// Queries made from the corpus itself, with the passage that each should find: what fusion weights
/// are estimated on, so that no question of a user or of a test is ever needed.
///
/// A pseudo-query is a part of a passage, and the passage is searched without that part (the inverse
/// cloze task, Lee et al. 2019), or with only some of its words: otherwise every lexical retriever
/// would find its own words, and the weights would say nothing about real questions. How many words
/// a question shares with its passage is not known beforehand, so that several kinds stand side by
/// side with equal say.
struct PseudoQueries: Sendable {
    enum Kind: CaseIterable, Sendable {
        /// A sentence; the passage loses it.
        case withheldSentence
        /// A sentence; the passage keeps about a quarter of its words, in another order.
        case blurredSentence
        /// A title that no other passage has; the passage loses it.
        case title
    }

    struct Item: Sendable {
        var kind: Kind
        var document: Int
        var query: String
        /// What the passage keeps.
        var title: String
        var text: String
    }

    private(set) var items: [Item] = []

    /// Draws up to `count` pseudo-queries from `documents` passages.
    ///
    /// - Parameter passage: title and text of a passage.
    ///
    /// Drawn are three times as many passages, for those that give no query of the kind whose turn
    /// it is.
    init(
        count: Int, documents: Int, seed: UInt64,
        passage: (Int) throws -> (title: String, text: String)
    ) rethrows {
        var random = SeededGenerator(seed: seed)
        var order = Array(0..<documents)
        // Enough draws to replace passages that give no query.
        let draws = min(documents, 3 * count)
        for position in 0..<draws {
            order.swapAt(position, Int.random(in: position..<documents, using: &random))
        }
        var drawn: [(document: Int, title: String, text: String)] = []
        for document in order.prefix(draws) {
            let (title, text) = try passage(document)
            drawn.append((document, title, text))
        }
        // By their bytes, which are quick to compare whatever a title is.
        let titles = Dictionary(drawn.map { (Array($0.title.utf8), 1) }, uniquingKeysWith: +)
        for item in drawn where items.count < count {
            let kind = Kind.allCases[items.count % Kind.allCases.count]
            let hasOwnTitle = titles[Array(item.title.utf8)] == 1
            if let query = Self.item(
                hasOwnTitle || kind != .title ? kind : .blurredSentence, item.document,
                title: item.title, text: item.text, random: &random)
            {
                items.append(query)
            }
        }
    }

    private static func item(
        _ kind: Kind, _ document: Int, title: String, text: String, random: inout SeededGenerator
    ) -> Item? {
        let analyzer = TermAnalyzer()
        func isUsable(_ query: some StringProtocol) -> Bool { analyzer.terms(of: String(query)).count >= 3 }
        if kind == .title {
            guard isUsable(title), isUsable(text) else { return nil }
            return Item(kind: kind, document: document, query: title, title: "", text: text)
        }
        let sentences = Sentences.ranges(in: text)
        guard sentences.count >= 2,
            let chosen = sentences.filter({ isUsable(text[$0]) }).randomElement(using: &random)
        else { return nil }
        var kept = ""
        if kind == .blurredSentence {
            let words = WordSpans(text[chosen]).spans.map { text[$0] }
            kept =
                words.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
                .shuffled(using: &random).joined(separator: " ") + " "
        }
        let rest = text[..<chosen.lowerBound] + kept + text[chosen.upperBound...]
        return Item(
            kind: kind, document: document, query: String(text[chosen]), title: title, text: String(rest))
    }
}
