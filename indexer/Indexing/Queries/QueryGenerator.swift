import Corpora
import Foundation
import Memory
import Search

/// A passage as a query generator reads it.
public struct QueryPassage: Sendable {
    /// Its index in the whole index.
    public var document: Int32
    public var id: String
    public var title: String
    public var text: String

    public init(document: Int32, _ text: PassageText) {
        (self.document, id, title, self.text) = (document, text.id, text.title, text.text)
    }
}

/// Generates queries that given passages should answer (doc2query, InPars), or takes them from elsewhere.
///
/// What is made of a passage depends on the passage, the index and the seed alone, not on what else is
/// made, nor on the number of threads.
public protocol QueryGenerator: Sendable {
    /// The name under which its queries are stored.
    var name: String { get }
    /// How many passages are worth making queries of at a time, so that progress is told in between.
    var batchSize: Int { get }
    /// Whether its queries are kept also where they do not find their passage.
    var isTrusted: Bool { get }

    /// Up to `count` queries of each passage, in the order of the passages.
    ///
    /// - Throws: when a model cannot read a passage.
    func make(
        _ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int
    ) throws -> [[String]]
}

extension QueryGenerator {
    public var batchSize: Int { 512 }
    public var isTrusted: Bool { false }
}

/// A query generator that looks at one passage at a time.
protocol PassageQueryGenerator: QueryGenerator {
    /// Up to `count` queries of a passage.
    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String]
}

extension PassageQueryGenerator {
    package func make(
        _ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int
    ) throws -> [[String]] {
        Parallel.map(count: passages.count, threads: threads) { place in
            let passage = passages[place]
            var random = SeededGenerator(seed: seed, stream: QueryText.stream(passage.document, name))
            return queries(of: passage, count: count, &random)
        }
    }
}

/// What query generators do with texts.
enum QueryText {
    /// A sequence of random numbers for each passage and query generator.
    static func stream(_ document: Int32, _ generator: String) -> UInt64 {
        // FNV-1a of the name, so that query generators do not draw alike.
        let name = generator.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return name ^ UInt64(UInt32(bitPattern: document) &+ 1)
    }

    /// Without what is neither letter nor number at both ends.
    static func trimmed(_ text: Substring) -> Substring {
        guard let first = text.firstIndex(where: isWord), let last = text.lastIndex(where: isWord) else {
            return ""
        }
        return text[first...last]
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
