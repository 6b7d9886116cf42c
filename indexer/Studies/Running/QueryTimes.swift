import Corpora
import Engine
import Memory

/// How long queries take, one at a time.
enum QueryTimes {
    static let warmUp = 50
    static let most = 500
    /// What a person waits for: ten answers.
    static let hits = 10

    /// - Returns: milliseconds of each query that has something to search for, in their order.
    static func measure(
        _ queries: [Corpora.Query], engine: Engine, options: SearchOptions, _ clock: WorkClock
    ) throws -> [Double] {
        try clock.begin("timing", unit: "queries")
        var times: [Double] = []
        let timed = queries.prefix(most)
        for index in 0..<min(warmUp, 10 * timed.count) {
            _ = try milliseconds(timed[timed.startIndex + index % timed.count], engine, options)
        }
        for query in timed {
            if let time = try milliseconds(query, engine, options) { times.append(time) }
            try clock.monitor.cancellation.throwIfRaised()
            try clock.update(count: times.count, fraction: Double(times.count) / Double(timed.count))
        }
        clock.finish()
        return times
    }

    private static func milliseconds(_ query: Corpora.Query, _ engine: Engine, _ options: SearchOptions) throws
        -> Double?
    {
        let start = ContinuousClock.now
        do {
            _ = try engine.rank(query.text, hits: hits, options: options)
        } catch EngineError.emptyQuery {
            return nil
        }
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}
