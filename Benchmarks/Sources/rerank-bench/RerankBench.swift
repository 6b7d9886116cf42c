import ArgumentParser
import Corpora
import Engine
import Foundation
import Memory
import Ranking
import Search
import Workloads

/// Reranking by late interaction: from stored token codes beside reading the passages, in time and in what it says.
@main
struct RerankBench: ParsableCommand {
    @Argument(help: "An index with token codes.") var index: String
    @Argument(help: "Questions, one JSON object a line.") var questions: String
    @Option(help: "Questions that are asked.") var queries = 200
    @Option(help: "Candidates of a question.") var depth = 20

    mutating func run() throws {
        let reader = try IndexReader.open(index)
        let stored = try InteractionReranker.open(reader, NoOptions()).component
        let reading = try InteractionReranker.reading(reader)
        var options = SearchOptions()
        options.rerank = 0
        let search = try Engine(reader).prepared(options)
        let needs = search.pipeline.needs.union(stored.needs)
        var (storedTimes, readingTimes): ([Double], [Double]) = ([], [])
        var (ranks, errors): ([Double], [Double]) = ([], [])
        for topic in try Queries.read(path: questions).prefix(queries) {
            let query = try reader.query(topic.text, needs: needs)
            let candidates = try search.best(query, depth).map(\.candidate.passage)
            guard candidates.count > 1 else { continue }
            var (own, exact): ([Float], [Float]) = ([], [])
            storedTimes.append(try milliseconds { own = try stored.scores(of: candidates, for: query) })
            readingTimes.append(try milliseconds { exact = try reading.scores(of: candidates, for: query) })
            ranks.append(Self.rankCorrelation(own, exact))
            errors += zip(own, exact).map { Double(abs($0 - $1)) }
        }
        Self.report("stored codes", storedTimes)
        Self.report("reading passages", readingTimes)
        Figure("rank correlation", ranks.reduce(0, +) / Double(max(1, ranks.count)), unit: "-").print()
        Figure("mean difference of a score", errors.reduce(0, +) / Double(max(1, errors.count)), unit: "-").print()
        let codes = try reader.components(TokenCodes.self)
        let tokens = codes.reduce(0) { $0 + $1.tokenCount }
        let bytes = codes.reduce(0) { $0 + $1.tokenCount * $1.byteCount }
        Figure("a token", Double(bytes) / Double(max(1, tokens)), unit: "bytes").print()
        Figure("a passage", Double(bytes) / Double(max(1, reader.count)), unit: "bytes").print()
    }

    private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private static func report(_ name: String, _ times: [Double]) {
        let times = times.sorted()
        guard !times.isEmpty else { return }
        Figure("\(name), p50", times[times.count / 2], unit: "ms").print()
        Figure("\(name), p95", times[times.count * 95 / 100], unit: "ms").print()
    }

    /// Spearman's: the correlation of places, ties by their order.
    private static func rankCorrelation(_ a: [Float], _ b: [Float]) -> Double {
        func places(_ values: [Float]) -> [Int] {
            var places = [Int](repeating: 0, count: values.count)
            for (place, item) in values.indices.sorted(by: { values[$0] > values[$1] }).enumerated() {
                places[item] = place
            }
            return places
        }
        let n = Double(a.count)
        let squares = zip(places(a), places(b)).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        return 1 - 6 * squares / (n * (n * n - 1))
    }
}
