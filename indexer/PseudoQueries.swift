import Foundation
import Ranking

/// Queries made from the corpus itself, with the passage that each should find: what fusion weights
/// are estimated on, so that no question of a user or of a test is ever needed.
///
/// A pseudo-query is a part of a passage, and the passage is searched *without* that part (the
/// inverse cloze task, Lee et al. 2019): otherwise every lexical retriever would find its own
/// words, and the weights would say nothing about real questions.
struct PseudoQueries: Sendable {
    struct Item: Sendable {
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
    init(
        count: Int, documents: Int, seed: UInt64,
        passage: (Int) throws -> (title: String, text: String)
    ) rethrows {
        var random = SplitMix(seed: seed)
        var order = Array(0..<documents)
        // Enough draws to replace passages that give no query.
        let draws = min(documents, 3 * count)
        for position in 0..<draws {
            order.swapAt(position, Int.random(in: position..<documents, using: &random))
        }
        for document in order.prefix(draws) where items.count < count {
            let (title, text) = try passage(document)
            if let item = Self.item(document, title: title, text: text, random: &random) {
                items.append(item)
            }
        }
    }

    private static func item(
        _ document: Int, title: String, text: String, random: inout SplitMix
    ) -> Item? {
        let sentences = Sentences.ranges(in: text)
        let analyzer = TermAnalyzer()
        let usable = sentences.filter { analyzer.terms(of: String(text[$0])).count >= 4 }
        guard sentences.count >= 2, let chosen = usable.randomElement(using: &random) else { return nil }
        let rest = text[..<chosen.lowerBound] + text[chosen.upperBound...]
        return Item(document: document, query: String(text[chosen]), title: title, text: String(rest))
    }
}

/// Where sentences end: at a stop mark before a space, at an ideographic stop, at a line break.
enum Sentences {
    static func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        var start = text.startIndex
        var index = start
        func close(at end: String.Index) {
            if text[start..<end].contains(where: { $0.isLetter || $0.isNumber }) {
                ranges.append(start..<end)
            }
            start = end
        }
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            switch character {
            case "。", "！", "？", "\n", "\r\n":
                close(at: next)
            case ".", "!", "?":
                if next == text.endIndex || text[next].isWhitespace { close(at: next) }
            default:
                break
            }
            index = next
        }
        close(at: text.endIndex)
        return ranges
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): seeded draws that are the same on every machine.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
