import Corpora
import Engine
import Foundation
import Memory
import Ranking
import Search
import Transformers

/// Queries with the passages that they should find: what retrievers are trained on.
public struct QueryPairs: Sendable {
    public struct Pair: Sendable, Equatable {
        public var query: Int32
        public var passage: Int32

        public init(query: Int32, passage: Int32) {
            self.query = query
            self.passage = passage
        }
    }

    /// The queries' texts.
    public private(set) var texts: [String] = []
    /// The pairs that are trained on.
    public private(set) var pairs: [Pair] = []
    /// Pairs of other queries, which measure.
    public private(set) var heldOut: [Pair] = []

    public init() {}

    /// Adds the user's judged queries; passages that the index does not have are skipped.
    ///
    /// - Returns: how many judgements were skipped.
    /// - Throws: ``CorpusError`` when a file cannot be read.
    @discardableResult public mutating func addLabelled(
        queries: String, qrels: String, index: IndexReader
    ) throws -> Int {
        let judgements = try Qrels.read(path: qrels)
        var unknown = 0
        for query in try Queries.read(path: queries)
        where !query.text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            let relevant = judgements.judgements(of: query.id).filter { $0.grade > 0 }
            let passages = try relevant.compactMap { try index.passage(withID: $0.passage.string)?.rawValue }
            unknown += relevant.count - passages.count
            add(query.text, passages)
        }
        return unknown
    }

    /// Adds the queries that a query generator made of the index's passages.
    ///
    /// - Returns: how many.
    /// - Throws: ``TrainingError/noQueries(generator:index:)`` where the index has none of its.
    @discardableResult public mutating func addSynthetic(
        of generator: String, index: IndexReader
    ) throws -> Int {
        guard let made = try index.queries(of: generator) else {
            throw TrainingError.noQueries(generator: generator, index: index.path)
        }
        for place in 0..<made.count {
            let item = try made.item(place)
            add(item.text, [item.document])
        }
        return made.count
    }

    private mutating func add(_ text: String, _ passages: [Int32]) {
        guard !passages.isEmpty else { return }
        let query = Int32(texts.count)
        texts.append(text)
        pairs += passages.sorted().map { Pair(query: query, passage: $0) }
    }

    /// Without the pairs of some texts.
    func without(_ isLeftOut: (String) -> Bool) -> QueryPairs {
        let leftOut = texts.map(isLeftOut)
        var rest = self
        rest.pairs.removeAll { leftOut[Int($0.query)] }
        rest.heldOut.removeAll { leftOut[Int($0.query)] }
        return rest
    }

    /// Takes a share of the queries, drawn with a seed, out of training; at most `limit`.
    public mutating func holdOut(share: Double, limit: Int, seed: UInt64) {
        let count = min(limit, Int(Double(texts.count) * share))
        var random = SeededGenerator(seed: seed, stream: 0x4F55_5400)
        let drawn = Set(random.sample(count, of: texts.count))
        heldOut += pairs.filter { drawn.contains($0.query) }
        pairs.removeAll { drawn.contains($0.query) }
    }
}
