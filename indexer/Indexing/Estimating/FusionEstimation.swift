import Engine
import Foundation
import IndexStore
import Memory
import Search

/// Estimates what each retriever weighs in the fusion, for the searches that an index runs by default.
public struct FusionEstimation: IndexEstimation {
    public static let id = ComponentID.fusionWeights
    public static let measure = "nDCG@10"

    private let queries: EstimationQueries
    /// Beside which folder the small index of cropped passages is made.
    private let scratch: URL?

    public init(_ queries: EstimationQueries) { self.init(queries, scratch: nil) }

    init(_ queries: EstimationQueries, scratch: URL?) { (self.queries, self.scratch) = (queries, scratch) }

    /// How many passages each retriever gives to the fusion.
    private static let depth = 100
    /// How many of the fusion's best are encoded where they have static vectors.
    static let encoded = 10

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<[ComponentID: Float]> {
        try clock.begin("fusion weights", unit: "queries")
        // On queries that the index holds all of it is searched; cropped ones are looked for without what was
        // cropped, in a small index of their own.
        if queries.source != nil {
            let items = try queries.draw(from: index, stream: 2)
            return try estimate(
                index, items.map { ($0.text, PassageIndex($0.document), queries.source ?? "") }, original: index, clock)
        }
        let small = try PseudoQueryIndex(index, queries, beside: scratch ?? URL(filePath: index.path), clock)
        defer { small.discard() }
        return try estimate(small.reader, small.queries, original: index, clock)
    }

    private func estimate(
        _ index: IndexReader, _ judged: [(text: String, passage: PassageIndex, family: String)],
        original: IndexReader, _ clock: WorkClock
    ) throws -> Estimate<[ComponentID: Float]> {
        var options = SearchOptions()
        options.rerank = 0
        // Most of what encoding the best gives to a search, for half of its cost.
        options.encode = Self.encoded
        options.depth = Self.depth
        let search = try Engine(index).prepared(options)
        let retrievers = search.pipeline.retrievers.map(\.id)
        var estimator = WeightEstimator(signals: retrievers)
        try QueryBatches(count: judged.count, threads: queries.threads, clock: clock).run { place in
            try search.lists(for: judged[place].text)
        } take: { place, lists in
            estimator.add(lists, relevant: judged[place].passage, family: judged[place].family)
        }
        let found = estimator.estimate()
        let weights = Dictionary(uniqueKeysWithValues: zip(retrievers, found.weights))
        return Estimate(
            weights, inputs: original.inputs(search.uses, absent: Self.voiding(search.uses)), queries: estimator.count,
            objective: found.objective)
    }

    /// What voids the weights when it comes: other scores of the same retrievers.
    private static func voiding(_ used: Set<ComponentID>) -> [ComponentID] {
        [QueryEncoderPart.kind]
            + (used.contains(GeneratorPart.kind) ? [.keyConstants] : [])
            + (used.contains(DocidsPart.kind) ? [.lookAhead] : [])
    }

    public static func description(of weights: [ComponentID: Float]) -> String {
        weights.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.2f", $0.value))" }
            .joined(separator: ", ")
    }
}
