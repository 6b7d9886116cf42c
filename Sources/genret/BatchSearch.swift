import Corpora
import Engine
import Foundation
import Ranking
import Synchronization
import Memory
import Tensors

/// Answers many queries on several threads; the run is the same for any number of them.
struct BatchSearch: Sendable {
    let engine: Engine
    let options: SearchOptions
    let threads: Int

    /// The batch was interrupted.
    struct Stopped: Error {}

    /// - Parameter shouldStop: hears how many queries are done; true ends the batch.
    func run(
        _ queries: [Query], tag: String, shouldStop: @Sendable (Int) -> Bool
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
                let result = try engine.search(queries[position].text, options)
                let entries = result.hits.map { TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score)) }
                let done = state.withLock { state in
                    state.results[position] = entries
                    state.report.add(result.diagnostics)
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
    var keys = 0
    var invalidKeys = 0
    var docids = 0
    var invalidDocids = 0
    /// Queries without anything to search for, in the order of the file.
    var emptyQueries: [Identifier] = []
    var wallSeconds = 0.0
    private var trained = 0
    private var seconds: [Double] = []
    private var retrieverSeconds: [RetrieverKind: Double] = [:]
    private var encodeSeconds = 0.0
    private var evidenceSeconds = 0.0
    private var reranked = 0
    private var rerankSeconds = 0.0

    mutating func add(_ one: SearchResult.Diagnostics) {
        queries += 1
        keys += one.keys
        invalidKeys += one.invalidKeys
        docids += one.docids
        invalidDocids += one.invalidDocids
        if one.ngramGenerator == .trained { trained += 1 }
        seconds.append(one.seconds)
        encodeSeconds += one.encodeSeconds
        evidenceSeconds += one.evidenceSeconds
        reranked += one.reranked
        rerankSeconds += one.rerankSeconds
        retrieverSeconds.merge(one.retrieverSeconds, uniquingKeysWith: +)
    }

    /// The latency below which a part of the queries stay, in seconds.
    func percentile(_ part: Double) -> Double {
        let sorted = seconds.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    var description: String {
        let each = { (total: Double) in String(format: "%.1f", 1000 * total / Double(max(1, queries))) }
        var parts = retrieverSeconds.sorted { $0.key < $1.key }.map { kind, seconds in
            "\(kind.rawValue) \(each(seconds))"
                + (kind == .ngram
                    ? " (\(trained > 0 ? "trained generator, " : "")evidence \(each(evidenceSeconds)))" : "")
        }
        if reranked > 0 { parts.append("rerank \(each(rerankSeconds))") }
        let lines = [
            "\(queries.grouped) queries in \(wallSeconds.asDuration), "
                + String(format: "p50 %.1f ms, p95 %.1f ms", 1000 * percentile(0.5), 1000 * percentile(0.95)),
            "mean ms a query: encode \(each(encodeSeconds)), " + parts.joined(separator: ", "),
            "\(keys.grouped) keys generated, \(invalidKeys) with count 0; "
                + "\(docids.grouped) docids generated, \(invalidDocids) outside the tree",
        ]
        return lines.joined(separator: "\n")
    }
}
