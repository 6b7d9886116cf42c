import Engine
import Foundation
import IndexStore
import Memory
import Search

/// Estimates what each reranker weighs when it reranks the fusion's best.
///
/// Questions that a generator itself wrote are likeliest under it, so that they overstate the weight.
public struct RerankEstimation: IndexEstimation {
    public static let id = ComponentID.rerank
    public static let measure = "nDCG@10"

    private let queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    /// How many of the fusion's best are reranked.
    private static let depth = 20

    /// Multiples of a reranker's usual weight that are tried; the first means that it is not run.
    private static let grids: [ComponentID: [Float]] = [
        LikelihoodReranker.id: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6],
        InteractionReranker.id: [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3],
    ]
    private static let factors: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3]

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<RerankEstimate> {
        try clock.begin("reranking", unit: "queries")
        let rerankers = try IndexReader.rerankers(of: index)
        let items = try queries.draw(from: index, stream: 3)
        var options = SearchOptions()
        options.rerank = 0
        let search = try Engine(index).prepared(options)
        let needs = rerankers.reduce(search.pipeline.needs) { $0.union($1.needs) }
        var estimator = WeightEstimator(
            signals: rerankers.map(\.id),
            grid: .product(rerankers.map { Self.grids[$0.id] ?? Self.factors }))
        try QueryBatches(count: items.count, threads: queries.threads, clock: clock).run { place in
            let query = try index.query(items[place].text, needs: needs)
            let hits = try search.best(query, Self.depth)
            let passages = hits.map(\.candidate.passage)
            return (hits.map(\.score), passages, try RerankStage.scores(rerankers, of: passages, for: query))
        } take: { (place, found: (scores: [Float], passages: [PassageIndex], signals: [[Float]])) in
            estimator.add(
                base: found.scores, signals: found.signals,
                relevant: found.passages.firstIndex(of: PassageIndex(items[place].document)))
        }
        let found = estimator.estimate()
        let weights = Dictionary(uniqueKeysWithValues: zip(rerankers.map(\.id), found.weights))
        let isIdle = found.weights.allSatisfy { $0 == 0 }
        return Estimate(
            RerankEstimate(depth: isIdle ? 0 : Self.depth, weights: weights),
            inputs: index.inputs([GeneratorPart.kind, .fusionWeights]), queries: estimator.count,
            objective: found.objective, baseline: found.untouched)
    }

    public static func description(of value: RerankEstimate) -> String {
        guard value.depth > 0 else { return "nothing is reranked" }
        let weights = value.weights.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.3f", $0.value))" }
        return "the best \(value.depth) are reranked, \(weights.joined(separator: ", "))"
    }
}

extension IndexReader {
    /// The rerankers that can run on an index.
    ///
    /// - Throws: why none can.
    fileprivate static func rerankers(of index: IndexReader) throws -> [any Reranker] {
        func open<Component: IndexReranker>(_ type: Component.Type) throws -> any Reranker {
            try type.open(index, Component.Options()).component
        }
        var (opened, failures): ([any Reranker], [any Error]) = ([], [])
        for type in Registry.standard.rerankers {
            do { opened.append(try open(type)) } catch { failures.append(error) }
        }
        if opened.isEmpty, let failure = failures.first { throw failure }
        return opened
    }
}
