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
        guard engine.manifest.generator != nil else {
            throw .generator(
                "\(engine.path): the index has no trained generator; \"genret generator set\" puts one into it")
        }
        guard let stored = engine.generator else {
            throw .generator("\(engine.path): the generator cannot run: \(engine.encoderProblem ?? "")")
        }
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        let report: Report
        do {
            guard let trained = try stored.trained() else {
                throw IndexingError.generator("\(engine.path): the generator was not trained for passages")
            }
            report = try estimate(trained, clock)
        } catch let error as IndexingError {
            throw error
        } catch let error as EngineError {
            throw .index(error)
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .other(error.localizedDescription)
        }
        clock.finish()
        var manifest = try ManifestFile.read(engine.path)
        guard manifest.generator?.sha256 == engine.manifest.generator?.sha256 else {
            throw .generator("\(engine.path): the generator was replaced meanwhile")
        }
        manifest.generator?.tuning = report.tuning
        // They were estimated for scores of other constants.
        manifest.generator?.fusion = nil
        try ManifestFile.replace(manifest, in: engine.path)
        return report
    }

    private func estimate(_ trained: TrainedGenerator, _ clock: StageClock) throws -> Report {
        guard let queries = try engine.passageQueries(maker), queries.count > 0 else {
            throw IndexingError.generator("\(engine.path): it holds no queries of the maker \(maker)")
        }
        let ngram = engine.segments.ngram
        var estimator = KeyTuningEstimator(ngram, options: options, threads: threads)
        let generating = estimator.generating
        var random = SeededGenerator(seed: seed, stream: 3)
        let places = random.sample(count, of: queries.count).map(Int.init)
        try clock.begin(.tuningKeys, unit: "queries")
        let batch = 32
        for first in stride(from: 0, to: places.count, by: batch) {
            let items = try places[first..<min(places.count, first + batch)].map { try queries.item($0) }
            let made = Parallel.map(count: items.count, threads: threads) { [engine] place in
                (try? engine.queries.encode(items[place].text)).flatMap { query in
                    query.source.map {
                        (query.ngrams, ngram.generate(query.ngrams, generator: trained.ngrams($0), options: generating))
                    }
                }
            }
            for (item, made) in zip(items, made) {
                if let (query, keys) = made { estimator.add(query, keys, relevant: item.document) }
            }
            let done = first + items.count
            try clock.update(count: done, fraction: Double(done) / Double(places.count))
        }
        try clock.begin(.tuning, unit: "trials")
        let most = KeyTuningEstimator.trialCount * estimator.rounds
        let (tuning, objective, untuned) = try estimator.estimate {
            try clock.update(count: $0, fraction: Double($0) / Double(most))
        }
        return Report(tuning: tuning, queries: estimator.count, objective: objective, untuned: untuned)
    }
}
