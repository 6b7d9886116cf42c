import Engine
import Foundation
import IndexStore
import Memory
import Search

/// Estimates what each retriever weighs in the fusion, for the searches that an index runs by default; and, where passages have static
/// vectors, whether it helps to encode the best at the query.
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

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<FusionEstimate> {
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
    ) throws -> Estimate<FusionEstimate> {
        var options = SearchOptions()
        options.rerank = 0
        // Most of what encoding the best gives to a search, for half of its cost.
        options.encode = Self.encoded
        options.depth = Self.depth
        let search = try Engine(index).prepared(options)
        let retrievers = search.pipeline.retrievers.map(\.id)
        let refines = search.pipeline.refinement != nil
        var plain = WeightEstimator(signals: retrievers)
        var refined = plain
        try QueryBatches(count: judged.count, threads: queries.threads, clock: clock).run { place in
            try search.listsAndRefined(for: judged[place].text)
        } take: { place, lists in
            let (_, passage, family) = judged[place]
            plain.add(lists.found, relevant: passage, family: family)
            if refines { refined.add(lists.refined, relevant: passage, family: family) }
        }
        var found = plain.estimate()
        let baseline = refines && plain.count > 0 ? found.objective : nil
        var encodes: Bool?
        if refines, plain.count > 0 {
            let other = refined.estimate()
            // What takes most of a query's time must be better by more than chance gives.
            let gain = refined.gain(other.weights, over: plain, found.weights)
            encodes = gain.mean > gain.error
            if encodes == true { found = other }
        }
        var weights = Dictionary(uniqueKeysWithValues: zip(retrievers, found.weights))
        if plain.count > 0, queries.usesPrior, FusionPrior.fits(retrievers, using: search.uses) {
            weights = FusionPrior.moved(by: weights, queries: plain.count, areCropped: queries.source == nil)
        }
        return Estimate(
            FusionEstimate(weights: weights, encodes: encodes),
            inputs: original.inputs(search.uses, absent: Self.voiding(search.uses)), queries: plain.count,
            objective: found.objective, baseline: baseline)
    }

    /// What voids the weights when it comes: other scores of the same retrievers.
    static func voiding(_ used: Set<ComponentID>) -> [ComponentID] {
        [QueryEncoderPart.kind]
            + (used.contains(GeneratorPart.kind) ? [.keyConstants] : [])
            + (used.contains(.lookAhead) ? [.lookAhead] : [])
    }

    public static func description(of value: FusionEstimate) -> String {
        let weights = value.weights.sorted { $0.key < $1.key }
            .map { "\($0.key) \(String(format: "%.2f", $0.value))" }
            .joined(separator: ", ")
        switch value.encodes {
        case nil: return weights
        case true?: return weights + "; the best are encoded at the query"
        case false?: return weights + "; nothing is encoded at the query"
        }
    }
}
