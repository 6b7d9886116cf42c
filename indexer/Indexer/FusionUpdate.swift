import Engine
import Foundation
import Memory
import Ranking
import Storage

/// Estimates the fusion weights of an index that stands, for searches with its trained generator.
public struct FusionUpdate {
    public let engine: Engine
    /// Whose queries of the passages are used; nil takes pseudo-queries from the corpus.
    public var maker: String?
    /// How many queries.
    public var count = 400
    public var seed: UInt64 = 1
    public var onProgress: (IndexProgress) -> Void = { _ in }
    /// Asked between queries; true ends the work.
    public var isCancelled: () -> Bool = { false }

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the weights and enters them in the manifest.
    ///
    /// - Throws: ``IndexingError`` when the index has no generator that can run, or no such queries; then
    ///   nothing was changed.
    public func run() throws(IndexingError) -> IndexManifest.FusionEstimate {
        let clock = StageClock(report: onProgress, isCancelled: isCancelled)
        return try InstalledPart.generator.update(engine) { stored in
            try clock.begin(.fusion, unit: "queries")
            let estimate = try maker.map { try fromQueries(of: $0, stored, clock) } ?? fromCorpus(stored, clock)
            clock.finish()
            return estimate
        } enter: {
            $1.fusion = $0
        }
    }

    /// As when the index was built: a small index of passages that lost a part.
    private func fromCorpus(
        _ stored: StoredGenerator, _ clock: StageClock
    ) throws -> IndexManifest.FusionEstimate {
        let workspace = try AtomicDirectory(
            destination: URL(filePath: engine.path).appending(path: "calibration"))
        defer { workspace.discard() }
        var options = engine.manifest.options
        options.pseudoQueries = count
        options.seed = seed
        return try FusionCalibration(
            options: options, vocabulary: PassageTokenizer(engine.queries.tokenizer),
            encoder: engine.queries.encoder, source: BuiltPassages(engine), generator: stored.model(),
            tuning: engine.manifest.generator?.tuning, queryEncoder: engine.queries.trained, workspace: workspace
        ).run(clock: clock)
    }

    /// Queries that are kept with the index, in the whole index.
    private func fromQueries(
        of maker: String, _ stored: StoredGenerator, _ clock: StageClock
    ) throws -> IndexManifest.FusionEstimate {
        let kinds = engine.availableRetrievers.sorted()
        let trained = try stored.trained()
        var random = SeededGenerator(seed: seed, stream: 2)
        let items = try engine.drawnQueries(of: maker, count: count, &random)
        var estimator = FusionEstimator(kinds: kinds)
        for (done, item) in items.enumerated() {
            guard let query = try? engine.queries.encode(item.text) else { continue }
            let found = engine.segments.retrieve(
                query, kinds: kinds, depth: 100, options: SearchOptions(), generator: trained)
            estimator.add(found.lists, relevant: item.document, family: maker)
            try clock.update(count: done + 1, fraction: Double(done + 1) / Double(items.count))
        }
        let (weights, objective) = estimator.estimate()
        return .init(weights: weights, pseudoQueries: estimator.count, objective: objective)
    }
}
