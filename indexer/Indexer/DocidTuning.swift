import Engine
import Foundation
import Memory
import Ranking

/// Estimates constants of searches with an index's trained docids, the weight of planning ahead and the
/// weights of the merge, on queries that are kept with it.
public struct DocidTuning: Sendable {
    public let engine: Engine
    /// Whose queries of the passages are used.
    public var maker = "labelled"
    /// How many queries.
    public var count = 400
    public var seed: UInt64 = 1
    public var threads = Parallel.cores

    public init(_ engine: Engine) { self.engine = engine }

    /// Estimates the weight and enters it in the manifest. The merge's weights must be estimated anew
    /// afterwards.
    ///
    /// - Throws: ``IndexingError`` when the index has no trained docids that can run, or no such queries, or
    ///   the docids were replaced meanwhile; then nothing was changed.
    public func run() throws(IndexingError) -> DocidComparison {
        try update { docids, items throws in
            let queries = items.map { (text: $0.text, passage: $0.document) }
            guard let found = DocidComparison(engine, docids, queries, threads: threads) else {
                throw IndexingError.docids("\(engine.path): the queries of \(maker) are empty")
            }
            return found
        } enter: {
            $1.planAhead = $0.planAhead
            $1.fusion = nil
        }
    }

    /// Estimates the merge's weights for searches with the trained docids, and with the trained generator
    /// where the index has one, and enters them in the manifest.
    ///
    /// - Throws: as ``run()``.
    public func runFusion() throws(IndexingError) -> IndexManifest.FusionEstimate {
        try update { docids, items throws in
            let kinds = engine.availableRetrievers.sorted()
            let generator = try engine.generator?.trained()
            let found = Parallel.map(count: items.count, threads: threads) { index in
                (try? engine.queries.encode(items[index].text)).map { query in
                    engine.segments.retrieve(
                        query, kinds: kinds, depth: 100, options: SearchOptions(), generator: generator,
                        docids: docids
                    ).lists
                }
            }
            var estimator = FusionEstimator(kinds: kinds)
            for (item, lists) in zip(items, found) {
                if let lists { estimator.add(lists, relevant: item.document, family: maker) }
            }
            let (weights, objective) = estimator.estimate()
            return IndexManifest.FusionEstimate(
                weights: weights, pseudoQueries: estimator.count, objective: objective)
        } enter: {
            $1.fusion = $0
        }
    }

    private func update<Estimate>(
        _ estimate: (TrainedDocids, [PassageQueries.Item]) throws -> Estimate,
        enter: (Estimate, inout IndexManifest.Docids) -> Void
    ) throws(IndexingError) -> Estimate {
        try InstalledPart.docids.update(engine, { stored in
            var random = SeededGenerator(seed: seed, stream: 3)
            let items = try engine.drawnQueries(of: maker, count: count, &random)
            return try estimate(try stored.docids(), items)
        }, enter: enter)
    }
}
