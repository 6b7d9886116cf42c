import Engine
import Foundation
import IndexStore
import Memory
import Search

/// Estimates what each reranker weighs when it reranks the fusion's best: on queries that the index holds, or else on ones that are drawn
/// from its passages.
///
/// Questions that a generator itself wrote are likeliest under it, so that they overstate the weight.
public struct RerankEstimation: IndexEstimation {
    public static let id = ComponentID.rerank
    public static let measure = "nDCG@10"

    private let queries: EstimationQueries

    /// What late interaction weighs where nobody has judged queries: it helps or does no harm on the collections of docs/results.md.
    private static let prior: Float = 0.5

    public init(_ queries: EstimationQueries) { self.queries = queries }

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<RerankEstimate> {
        try clock.begin("reranking", unit: "queries")
        let labelled = try index.queries(of: EstimationQueries.labelled)
        guard queries.source == nil, labelled == nil, index.interactsByCodes else {
            let rerankers = try IndexReader.rerankers(of: index)
            let items = try queries.draw(from: index, stream: 3).map { ($0.text, PassageIndex($0.document), "") }
            return try observe(index, items, rerankers, clock).estimate(for: index)
        }
        // What reads passages is tried on people's questions only: of words drawn from passages it says little, and it takes long.
        let drawn = try DrawnQueries(index, count: queries.count, seed: queries.seed, threads: queries.threads)
        let reranker = try InteractionReranker.open(index, NoOptions()).component
        return try observe(index, drawn.items, [reranker], clock).estimate(for: index, unlessHarmful: Self.prior)
    }

    /// Estimates for an index that is being changed, where that reads no passage.
    ///
    /// - Parameter reader: the index as it is by then.
    static func enterWhereCheap(
        _ queries: EstimationQueries, in transaction: inout IndexTransaction, _ reader: IndexReader, _ clock: WorkClock
    ) throws {
        guard reader.interactsByCodes, reader.queryGenerators.allSatisfy({ $0 != EstimationQueries.labelled }) else {
            return
        }
        try transaction.record(try Self(queries).run(reader, clock), as: id)
    }

    private func observe(
        _ index: IndexReader, _ judged: [(text: String, passage: PassageIndex, family: String)],
        _ rerankers: [any Reranker], _ clock: WorkClock
    ) throws -> RerankObservations {
        var observations = RerankObservations(rerankers)
        var options = SearchOptions()
        options.rerank = 0
        options.feedback = FeedbackOptions.none
        let search = try Engine(index).prepared(options)
        let needs = rerankers.reduce(search.pipeline.needs) { $0.union($1.needs) }
        try QueryBatches(count: judged.count, threads: queries.threads, clock: clock).run { place in
            let query = try index.query(judged[place].text, needs: needs)
            let hits = try search.best(query, RerankObservations.depth)
            let passages = hits.map(\.candidate.passage)
            return (hits.map(\.score), passages, try RerankStage.scores(rerankers, of: passages, for: query))
        } take: { (place, found: (scores: [Float], passages: [PassageIndex], signals: [[Float]])) in
            observations.add(found.scores, found.passages, found.signals, judged[place].passage, judged[place].family)
        }
        return observations
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
