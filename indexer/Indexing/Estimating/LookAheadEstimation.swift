import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Training

/// Estimates the weight of BM25 in the look-ahead of an index's docids: of trained ones where it has some, else of sentences.
public struct LookAheadEstimation: IndexEstimation {
    public static let id = ComponentID.lookAhead
    public static let measure = "MRR@10"

    private let queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<Float> {
        try clock.begin("look-ahead", unit: "queries")
        guard index.manifest.part(DocidsPart.kind) == nil else { return try ofTrained(index) }
        return try ofSentences(index, clock)
    }

    private func ofTrained(_ index: IndexReader) throws -> Estimate<Float> {
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

    /// The weights that are tried.
    private static let weights = (0...9).map { Float($0) / 10 }

    private func ofSentences(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<Float> {
        let searches = try Self.weights.map { weight in
            var options = SearchOptions()
            options.retrievers = [DocidRetriever.id]
            options[DocidRetriever.self].docids = .sentences
            options[DocidRetriever.self].lookAhead = weight
            return try Engine(index).prepared(options)
        }
        let items = try queries.draw(from: index, stream: 3)
        var sums = Self.weights.map { _ in 0.0 }
        var count = 0
        try QueryBatches(count: items.count, threads: queries.threads, clock: clock).run { place in
            let query = try index.query(items[place].text, needs: .vector)
            return try searches.map { search in
                ReciprocalRank.at10(try search.pipeline.lists(for: query).first?.passages ?? []) {
                    $0 == PassageIndex(items[place].document)
                }
            }
        } take: { _, ranks in
            for (place, rank) in ranks.enumerated() { sums[place] += rank }
            count += 1
        }
        // The smaller weight where two are alike.
        let best = sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
        let share = queries.usesPrior ? FusionPrior.share(of: count, areCropped: false) : 1
        let usual = DocidRetriever.usualLookAhead
        let mean = sums.map { $0 / Double(max(1, count)) }
        return Estimate(
            usual + share * (Self.weights[best] - usual), inputs: index.inputs([], absent: [QueryEncoderPart.kind]),
            queries: count, objective: mean[best], baseline: mean[0])
    }

    public static func description(of weight: Float) -> String { "look-ahead weight \(String(format: "%.2f", weight))" }
}
