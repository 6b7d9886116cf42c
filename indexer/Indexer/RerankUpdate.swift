import Engine
import Foundation
import Memory
import Ranking
import Transformers

/// Estimates what the generator's word weighs when it reranks the merge's best, on queries that are kept with
/// the index.
///
/// Questions that the generator itself made are likeliest under it, so that they overstate the weight.
public struct RerankUpdate {
    public struct Report: Sendable {
        /// Nil where reranking did not help.
        public var reranking: Reranking?
        public var queries: Int
        /// The mean nDCG@10 at the best weights tried, and without reranking.
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
    public var depth = Reranking.usual.depth
    public var threads = Parallel.cores
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between queries; true ends the work.
    public var isCancelled: () -> Bool = { false }

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the weights and enters them in the manifest; weights of 0 remove what stood there.
    ///
    /// - Throws: ``IndexingError`` when the index has no generator that can run and rerank, or no such queries;
    ///   then nothing was changed.
    public func run() throws(IndexingError) -> Report {
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        return try InstalledPart.generator.update(engine) { stored in
            try clock.begin(.rerank, unit: "queries")
            let report = try estimate(stored, clock)
            clock.finish()
            return report
        } enter: {
            $1.rerank = $0.reranking
        }
    }

    private func estimate(_ stored: StoredGenerator, _ clock: StageClock) throws -> Report {
        let model = try stored.model()
        guard model.interaction != nil || QueryLikelihood(model) != nil else {
            throw IndexingError.generator(
                "\(engine.path): the generator was neither trained to write questions nor to compare")
        }
        var random = SeededGenerator(seed: seed, stream: 3)
        let all = try engine.drawnQueries(of: maker, count: count, &random)
        var options = SearchOptions()
        options.k = depth
        options.rerank = 0
        var estimator = RerankingEstimator()
        let batch = 16
        for first in stride(from: 0, to: all.count, by: batch) {
            let items = Array(all[first..<min(all.count, first + batch)])
            let found = Parallel.map(count: items.count, threads: threads) { [engine, options] place in
                Result {
                    let found = try engine.retrieve(items[place].text, options)
                    let query = try engine.queries.encode(items[place].text, withVector: false)
                    let documents = found.result.hits.map(\.document)
                    return (found.result.hits, try engine.signals(of: documents, for: query, stored, .usual))
                }
            }
            for (item, found) in zip(items, found) {
                do {
                    let (hits, signals) = try found.get()
                    estimator.add(
                        scores: hits.map(\.score), signals: signals,
                        relevant: hits.firstIndex { $0.document == item.document })
                } catch EngineError.emptyQuery {
                    continue
                }
            }
            let done = first + items.count
            try clock.update(count: done, fraction: Double(done) / Double(all.count))
        }
        let (weights, objective, untouched) = estimator.estimate()
        let isIdle = weights.likelihood == 0 && weights.interaction == 0
        return Report(
            reranking: isIdle ? nil : Reranking(depth: depth, weights: weights),
            queries: estimator.count, objective: objective, untouched: untouched)
    }
}
