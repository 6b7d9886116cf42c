import Corpora
import Engine
import Foundation
import Indexing
import Memory
import Synchronization

/// Passages that are not judged, in the order of their best place in BM25's lists over all queries of a study; where two are
/// alike, in the order of their rank.
enum DistractorPool {
    /// - Parameter index: of the whole corpus.
    static func make(_ index: String, _ census: CorpusCensus, depth: Int, seed: UInt64, _ clock: WorkClock) throws
        -> [Identifier]
    {
        let engine = try Engine.open(index, waitsForChecks: true)
        var options = SearchOptions()
        options.retrievers = [BM25Retriever.id]
        let lists = try QueryLists.run(
            census.input.queries, engine: engine, options: options, hits: depth, stage: "pool", clock)
        var best: [Identifier: Int] = [:]
        for list in lists {
            for (place, entry) in list.enumerated() where !census.judged.contains(entry.passage) {
                best[entry.passage] = min(best[entry.passage] ?? .max, place)
            }
        }
        return best.map { (place: $0.value, rank: SampleRank(seed: seed, id: $0.key.string), id: $0.key) }
            .sorted { ($0.place, $0.rank) < ($1.place, $1.rank) }.map(\.id)
    }
}
