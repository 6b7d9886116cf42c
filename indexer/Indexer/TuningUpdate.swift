import Engine
import Foundation
import Memory
import Ranking
import Storage

/// Estimates the constants of key weights and evidence for an index's trained generator.
public struct TuningUpdate {
    public struct Report: Sendable {
        public var tuning: KeyTuning
        public var queries: Int
        /// The mean reciprocal rank at 10 with the constants, and without.
        public var objective: Double
        public var untuned: Double
    }

    public let engine: Engine
    /// Whose queries of the passages are used.
    public var maker = "labelled"
    /// How many queries.
    public var count = 400
    public var seed: UInt64 = 1
    public var threads = Parallel.cores
    /// What is not tuned.
    public var options = NgramRetriever.Options()
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between queries and trials; true ends the work.
    public var isCancelled: () -> Bool = { false }

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the constants and enters them in the manifest.
    ///
    /// - Throws: ``IndexingError`` when the index has no generator that can run, or no such queries; then
    ///   nothing was changed.
    public func run() throws(IndexingError) -> Report {
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        return try InstalledPart.generator.update(engine) { stored in
            guard let trained = try stored.trained() else {
                throw IndexingError.generator("\(engine.path): the generator was not trained for passages")
            }
            let report = try estimate(trained, clock)
            clock.finish()
            return report
        } enter: {
            $1.tuning = $0.tuning
            // They were estimated for scores of other constants.
            $1.fusion = nil
        }
    }

    private func estimate(_ trained: TrainedGenerator, _ clock: StageClock) throws -> Report {
        let ngram = engine.segments.ngram
        var estimator = KeyTuningEstimator(ngram, options: options, threads: threads)
        let generating = estimator.generating
        var random = SeededGenerator(seed: seed, stream: 3)
        let all = try engine.drawnQueries(of: maker, count: count, &random)
        try clock.begin(.tuningKeys, unit: "queries")
        let batch = 32
        for first in stride(from: 0, to: all.count, by: batch) {
            let items = Array(all[first..<min(all.count, first + batch)])
            let made = Parallel.map(count: items.count, threads: threads) { [engine] place in
                (try? engine.queries.encode(items[place].text, withVector: false)).flatMap { query in
                    query.source.map {
                        (query.ngrams, ngram.generate(query.ngrams, generator: trained.ngrams($0), options: generating))
                    }
                }
            }
            for (item, made) in zip(items, made) {
                if let (query, keys) = made { estimator.add(query, keys, relevant: item.document) }
            }
            let done = first + items.count
            try clock.update(count: done, fraction: Double(done) / Double(all.count))
        }
        try clock.begin(.tuning, unit: "trials")
        let most = KeyTuningEstimator.trialCount * estimator.rounds
        let (tuning, objective, untuned) = try estimator.estimate {
            try clock.update(count: $0, fraction: Double($0) / Double(most))
        }
        return Report(tuning: tuning, queries: estimator.count, objective: objective, untuned: untuned)
    }
}
