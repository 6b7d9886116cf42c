import Corpora
import Engine
import Memory
import Synchronization

/// The answers to many queries on all cores; the same for any number of them.
enum QueryLists {
    /// - Returns: a list a query, in their order; empty for a query that has nothing to search for.
    /// - Throws: ``Cancelled``, and what a search throws.
    static func run(
        _ queries: [Corpora.Query], engine: Engine, options: SearchOptions, hits: Int, stage: String, _ clock: WorkClock
    ) throws -> [[TRECRun.Entry]] {
        try clock.begin(stage, unit: "queries")
        var lists: [[TRECRun.Entry]] = []
        lists.reserveCapacity(queries.count)
        // In pieces, between which is heard whether anybody still wants them.
        let piece = 64
        while lists.count < queries.count {
            let range = lists.count..<min(lists.count + piece, queries.count)
            let failure = Mutex<(any Error)?>(nil)
            let found: [[TRECRun.Entry]] = Parallel.map(count: range.count) { offset in
                do {
                    let result = try engine.rank(queries[range.lowerBound + offset].text, hits: hits, options: options)
                    return result.hits.map { TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score)) }
                } catch EngineError.emptyQuery {
                    return []
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                    return []
                }
            }
            if let error = failure.withLock({ $0 }) { throw error }
            lists += found
            try clock.monitor.cancellation.throwIfRaised()
            try clock.update(count: lists.count, fraction: Double(lists.count) / Double(queries.count))
        }
        clock.finish()
        return lists
    }
}
