import Engine
import Foundation
import Memory
import Ranking

/// Estimates what the likelihood of the query weighs in an index's searches, on queries that are kept with
/// it.
///
/// Questions that the generator itself made are likeliest under it, so that they overstate the weight.
public struct RerankUpdate {
    public struct Report: Sendable {
        /// Nil where reranking did not help.
        public var reranking: Reranking?
        public var queries: Int
        /// The mean nDCG@10 at the best weight tried, and without reranking.
        public var objective: Double
        public var untouched: Double
    }

    public let engine: Engine
    /// Whose queries of the passages are used.
    public var maker = "labelled"
    /// How many queries.
    public var count = 400
    public var seed: UInt64 = 1
    /// How many of the merge's best are reranked.
    public var depth = 20
    public var threads = Parallel.cores
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between queries; true ends the work.
    public var isCancelled: () -> Bool = { false }

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the weight and enters it in the manifest; weight 0 removes what stood there.
    ///
    /// - Throws: ``IndexingError`` when the index has no generator that can run and writes questions, or no
    ///   such queries; then nothing was changed.
    public func run() throws(IndexingError) -> Report {
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        return try GeneratorUpdate(engine: engine).run { _ in
            try clock.begin(.rerank, unit: "queries")
            let report = try estimate(clock)
            clock.finish()
            return report
        } enter: {
            $1.rerank = $0.reranking
        }
    }

    private func estimate(_ clock: StageClock) throws -> Report {
        var random = SeededGenerator(seed: seed, stream: 3)
        let all = try GeneratorUpdate(engine: engine).queries(of: maker, count: count, &random)
        // Scored at weight 0, hits tell both numbers of every candidate.
        var options = SearchOptions()
        options.k = depth
        options.rerank = depth
        options.rerankWeight = 0
        var estimator = RerankingEstimator()
        let batch = 16
        for first in stride(from: 0, to: all.count, by: batch) {
            let items = Array(all[first..<min(all.count, first + batch)])
            let found = Parallel.map(count: items.count, threads: threads) { [engine, options] place in
                Result { try engine.search(items[place].text, options).hits }
            }
            for (item, found) in zip(items, found) {
                let hits: [SearchResult.Hit]
                do { hits = try found.get() } catch EngineError.emptyQuery { continue }
                estimator.add(
                    scores: hits.map(\.score), logLikelihoods: hits.map { $0.rerank?.logLikelihood },
                    relevant: hits.firstIndex { $0.document == item.document })
            }
            let done = first + items.count
            try clock.update(count: done, fraction: Double(done) / Double(all.count))
        }
        let (weight, objective, untouched) = estimator.estimate()
        return Report(
            reranking: weight > 0 ? Reranking(depth: depth, weight: weight) : nil,
            queries: estimator.count, objective: objective, untouched: untouched)
    }
}
