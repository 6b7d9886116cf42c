import Corpora
import Foundation

/// Cuts long passages to the sentences that speak of the query, as the search engine of Pyramid-ERNIE (Zou et al. 2021) does before it
/// reranks: the sentence whose query words weigh most is taken, the weights of its words halve, and so on until the length is full.
/// Sentences stay in their order.
///
/// A word's weight is its inverse document frequency among the candidates: what all of them have tells none from another.
package struct QuerySummary {
    private let weights: [String: Double]

    /// What is left of a word's weight after each sentence that has it.
    private static let decay = 0.5

    package init(_ query: String, among texts: [String]) {
        var counts: [String: Int] = [:]
        let asked = Set(Self.words(query[...]))
        for text in texts {
            for word in Set(Self.words(text[...])).intersection(asked) { counts[word, default: 0] += 1 }
        }
        let total = Double(texts.count)
        weights = counts.mapValues { log(1 + (total - Double($0) + 0.5) / (Double($0) + 0.5)) }
    }

    /// A text's best sentences.
    ///
    /// - Parameters:
    ///   - limit: the most tokens.
    ///   - length: how many tokens a text has.
    /// - Returns: the text itself where it is short enough.
    /// - Complexity: O(sentences²).
    package func summary(of text: String, limit: Int, length: (String) -> Int) -> String {
        let ranges = Sentences.ranges(in: text)
        guard ranges.count > 1, length(text) > limit else { return text }
        let sentences = ranges.map { text[$0] }
        var weights = weights
        // In an order of their own, so that sums are the same everywhere.
        let words = sentences.map { [known = weights] in Set(Self.words($0)).filter { known[$0] != nil }.sorted() }
        let lengths = sentences.map { length(String($0)) }
        var left = Set(sentences.indices)
        var (taken, room) = ([Int](), limit)
        while room > 0, !left.isEmpty {
            func weight(_ place: Int) -> Double { words[place].reduce(0) { $0 + (weights[$1] ?? 0) } }
            let scored = left.map { ($0, weight($0)) }
            // Of equals the first; one that has no room any more is cut by who reads it.
            guard let best = scored.max(by: { ($0.1, $1.0) < ($1.1, $0.0) })?.0 else { break }
            left.remove(best)
            taken.append(best)
            room -= lengths[best]
            for word in words[best] { weights[word]? *= Self.decay }
        }
        return taken.sorted().map { sentences[$0].trimmed }.joined(separator: " ")
    }

    /// Runs of letters and digits in lower case; a character that is a word by itself, as Chinese ones are, is one.
    private static func words(_ text: Substring) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.flatMap { run in
            run.contains(where: isIdeograph) ? run.map { String($0) } : [String(run)]
        }
    }

    private static func isIdeograph(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { $0.properties.isIdeographic || (0x3040...0x30FF).contains($0.value) }
            ?? false
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
