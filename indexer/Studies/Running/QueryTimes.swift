import Corpora
import Engine
import Memory

/// How long queries take, one at a time.
enum QueryTimes {
    static let warmUp = 50
    static let most = 500
    /// What a person waits for: ten answers.
    static let hits = 10

    struct Times {
        /// Of each query that has something to search for, in their order.
        var milliseconds: [Double] = []
        /// Passages that were encoded for these queries, and the time of that.
        var encoded = (passages: 0, milliseconds: 0.0)

        /// A query's share; nil where nothing was encoded.
        var encodedAtQuery: StudyCell.EncodedAtQuery? {
            let count = Double(max(1, milliseconds.count))
            return encoded.passages > 0
                ? .init(mean: Double(encoded.passages) / count, ms: encoded.milliseconds / count) : nil
        }
    }

    static func measure(
        _ queries: [Corpora.Query], engine: Engine, options: SearchOptions, _ clock: WorkClock
    ) throws -> Times {
        try clock.begin("timing", unit: "queries")
        var times = Times()
        let timed = queries.prefix(most)
        for index in 0..<min(warmUp, 10 * timed.count) {
            var rest = Times()
            try ask(timed[timed.startIndex + index % timed.count], engine, options, &rest)
        }
        for query in timed {
            try ask(query, engine, options, &times)
            try clock.monitor.cancellation.throwIfRaised()
            let count = times.milliseconds.count
            try clock.update(count: count, fraction: Double(count) / Double(timed.count))
        }
        clock.finish()
        return times
    }

    private static func ask(
        _ query: Corpora.Query, _ engine: Engine, _ options: SearchOptions, _ times: inout Times
    ) throws {
        let start = ContinuousClock.now
        do {
            let result = try engine.rank(query.text, hits: hits, options: options)
            times.milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
            times.encoded.passages += result.refinedCount
            times.encoded.milliseconds += result.refineSeconds * 1000
        } catch EngineError.emptyQuery {
            // It has nothing to search for.
        }
    }
}
