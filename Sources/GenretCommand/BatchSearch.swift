import Corpora
import Engine
import Fields
import Foundation
import Memory
import Search
import Synchronization

/// Answers many queries on several threads; the run is the same for any number of them.
struct BatchSearch: Sendable {
    let engine: Engine
    let options: SearchOptions
    let filter: FieldFilter?
    let hits: Int
    let threads: Int
    /// The queries' own vectors, for all of them; nil where they bring none.
    var vectors: [Identifier: [Float]]?

    /// The batch was interrupted.
    struct Stopped: Error {}

    /// - Parameter shouldStop: hears how many queries are done; true ends the batch.
    func run(
        _ queries: [Corpora.Query], tag: String, shouldStop: @Sendable (Int) -> Bool
    ) throws -> (TRECRun, BatchReport) {
        struct State: Sendable {
            var results: [Int: [TRECRun.Entry]] = [:]
            var report = BatchReport()
            var failure: (any Error)?
            var done = 0
            var empty: [Int] = []
        }
        let state = Mutex(State())
        let start = ContinuousClock.now
        Parallel.forEach(count: queries.count, threads: threads) { position in
            guard state.withLock({ $0.failure == nil }) else { return }
            do {
                let result = try engine.rank(
                    queries[position].text, vector: vectors?[queries[position].id], hits: hits, options: options,
                    filter: filter)
                let entries = result.hits.map { TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score)) }
                let done = state.withLock { state in
                    state.results[position] = entries
                    state.report.add(result)
                    state.done += 1
                    return state.done
                }
                if shouldStop(done) { state.withLock { $0.failure = Stopped() } }
            } catch EngineError.emptyQuery {
                state.withLock { $0.empty.append(position) }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        var final = state.withLock { $0 }
        if let failure = final.failure { throw failure }
        final.report.wallSeconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        final.report.emptyQueries = final.empty.sorted().map { queries[$0].id }
        var run = TRECRun(tag: tag)
        for (position, query) in queries.enumerated() {
            // An empty query has an empty list.
            run.set(final.results[position] ?? [], query: query.id)
        }
        return (run, final.report)
    }
}

/// What a batch did, summed over its queries.
struct BatchReport: Sendable, CustomStringConvertible {
    var queries = 0
    /// Queries without anything to search for, in the order of the file.
    var emptyQueries: [Identifier] = []
    var wallSeconds = 0.0
    private var seconds: [Double] = []
    private var retrievers: [(id: ComponentID, seconds: Double)] = []
    /// What retrievers count, by name.
    private var counters: [String: Double] = [:]
    private var encodeSeconds = 0.0
    private var reranked = 0
    private var rerankSeconds = 0.0

    mutating func add(_ one: RankedResult) {
        queries += 1
        seconds.append(one.seconds)
        encodeSeconds += one.encodeSeconds
        reranked += one.rerankedCount
        rerankSeconds += one.rerankSeconds
        for list in one.lists {
            if let place = retrievers.firstIndex(where: { $0.id == list.retriever }) {
                retrievers[place].seconds += list.seconds
            } else {
                retrievers.append((list.retriever, list.seconds))
            }
            counters.merge(list.counters, uniquingKeysWith: +)
        }
    }

    /// How many of a kind were counted.
    func count(_ name: String) -> Int { Int(counters[name] ?? 0) }

    /// The latency below which a part of the queries stay, in seconds.
    func percentile(_ part: Double) -> Double {
        let sorted = seconds.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    var description: String {
        let each = { (total: Double) in String(format: "%.1f", 1000 * total / Double(max(1, queries))) }
        var parts = retrievers.map { id, seconds in
            let generated = count("generatorRuns") > 0 ? "trained generator, " : ""
            let evidence =
                id == NgramRetriever.id ? " (\(generated)evidence \(each(counters["evidenceSeconds"] ?? 0)))" : ""
            return "\(id) \(each(seconds))" + evidence
        }
        if reranked > 0 { parts.append("rerank \(each(rerankSeconds))") }
        let lines = [
            "\(queries.grouped) queries in \(wallSeconds.asDuration), "
                + String(format: "p50 %.1f ms, p95 %.1f ms", 1000 * percentile(0.5), 1000 * percentile(0.95)),
            "mean ms a query: encode \(each(encodeSeconds)), " + parts.joined(separator: ", "),
            "\(count("keys").grouped) keys generated, \(count("invalidKeys")) with count 0; "
                + "\(count("docids").grouped) docids generated, \(count("invalidDocids")) outside the tree",
        ]
        return lines.joined(separator: "\n")
    }
}
