import Engine
import Memory
import Ranking

/// Passages that a query's own is told from: those that the encoder and BM25 find first for it, looked for
/// when a batch asks.
package struct FoundNegatives: Sendable {
    let engine: Engine
    /// The queries' texts.
    let texts: [String]
    /// The passages of each query.
    private let own: [[Int32]]

    /// Passages that are drawn from.
    static let depth = 20

    package init(_ engine: Engine, _ pairs: QueryPairs) {
        var own = [[Int32]](repeating: [], count: pairs.texts.count)
        for pair in pairs.pairs + pairs.heldOut { own[Int(pair.query)].append(pair.passage) }
        (self.engine, texts, self.own) = (engine, pairs.texts, own)
    }

    /// At most `count` passages that are not the query's, drawn with a seed, the earlier found first.
    package func draw(_ count: Int, for query: Int32, seed: UInt64) -> [Int32] {
        guard let encoded = try? engine.queries.encode(texts[Int(query)], withVector: true, withStates: false) else {
            return []
        }
        let lists = engine.segments.retrieve(
            encoded, kinds: [.dense, .bm25], depth: Self.depth, options: SearchOptions()
        ).lists.map(\.documents)
        let found = MinedNegatives.merge(
            lists.first ?? [], lists.count > 1 ? lists[1] : [], without: own[Int(query)], count: Self.depth)
        var random = SeededGenerator(seed: seed)
        return random.sample(count, of: found.count).map { found[Int($0)] }
    }
}
