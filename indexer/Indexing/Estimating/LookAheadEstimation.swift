import Engine
import Foundation
import IndexStore
import Memory
import Search
import Training

/// Estimates the weight of BM25 in the look-ahead of an index's trained docids.
public struct LookAheadEstimation: IndexEstimation {
    public static let id = ComponentID.lookAhead
    public static let measure = "MRR@10"

    private let queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<Float> {
        try clock.begin("look-ahead", unit: "queries")
        let docids = try index.value(IndexDocids.self).docids
        let items = try queries.draw(from: index, stream: 3)
        let judged = items.map { (text: $0.text, passage: PassageIndex($0.document)) }
        guard let found = try DocidValidation(index, docids, judged, threads: queries.threads) else {
            throw IndexingError.noQueries(
                generator: queries.source ?? EstimationQueries.labelled, index: index.path, known: index.queryGenerators
            )
        }
        return Estimate(
            found.lookAhead, inputs: index.inputs([DocidsPart.kind], absent: [QueryEncoderPart.kind]),
            queries: found.queries, objective: found.withLookAhead, baseline: max(found.trained, found.untrained))
    }

    public static func description(of weight: Float) -> String { "look-ahead weight \(String(format: "%.2f", weight))" }
}
