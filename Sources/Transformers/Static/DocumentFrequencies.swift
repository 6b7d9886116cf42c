import Foundation
import Memory

/// In how many texts each token of a vocabulary occurs.
package struct DocumentFrequencies: Sendable {
    package private(set) var counts: [Int32]
    package private(set) var texts = 0

    package init(vocabularySize: Int) { counts = Array(repeating: 0, count: vocabularySize) }

    /// Counts a text's tokens; those outside the vocabulary are passed over.
    package mutating func add(_ tokens: some Sequence<Int32>) {
        texts += 1
        var last: Int32 = -1
        for token in tokens.sorted() where token != last && token >= 0 && Int(token) < counts.count {
            counts[Int(token)] += 1
            last = token
        }
    }

    /// The tokens that occur, rising.
    package var tokens: [Int32] { counts.indices.filter { counts[$0] > 0 }.map { Int32($0) } }

    /// The weight of a token: log((texts + 1) / (its texts + ½)), and a little for one that is everywhere.
    package func weight(of token: Int32) -> Float {
        max(0.05, log((Float(texts) + 1) / (Float(counts[Int(token)]) + 0.5)))
    }
}
