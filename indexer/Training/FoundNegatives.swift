import Engine
import Memory
import Ranking
import Search

/// Passages that a query's own is told from: those that the encoder and BM25 find first for it, looked for
/// when a batch asks.
package struct FoundNegatives: Sendable {
    private let search: PreparedSearch
    /// The queries' texts.
    let texts: [String]
    /// The passages of each query.
    private let own: [[Int32]]

    /// Passages that are drawn from.
    static let depth = 20

    package init(_ index: IndexReader, _ pairs: QueryPairs) throws {
        var own = [[Int32]](repeating: [], count: pairs.texts.count)
        for pair in pairs.pairs + pairs.heldOut { own[Int(pair.query)].append(pair.passage) }
        var options = SearchOptions()
        options.retrievers = [DenseRetriever.id, BM25Retriever.id]
        options.depth = Self.depth
        options.rerank = 0
        search = try Engine(index).prepared(options)
        (texts, self.own) = (pairs.texts, own)
    }

    /// At most `count` passages that are not the query's, drawn with a seed, the earlier found first.
    package func draw(_ count: Int, for query: Int32, seed: UInt64) -> [Int32] {
        guard let lists = try? search.lists(for: texts[Int(query)]).map(\.passages) else { return [] }
        let found = MinedNegatives.merge(
            lists.first ?? [], lists.count > 1 ? lists[1] : [], without: own[Int(query)], count: Self.depth)
        var random = SeededGenerator(seed: seed)
        return random.sample(count, of: found.count).map { found[Int($0)] }
    }
}
