import Engine
import IndexStore
import Search

/// What rerankers say of the fusion's best passages for judged queries, and the weights that follow.
struct RerankObservations {
    let rerankers: [any Reranker]
    private var estimator: WeightEstimator

    /// How many of the fusion's best are reranked.
    static let depth = 20

    /// Multiples of a reranker's usual weight that are tried; the first means that it is not run.
    private static let grids: [ComponentID: [Float]] = [
        LikelihoodReranker.id: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6],
        InteractionReranker.id: [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3],
    ]
    private static let factors: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3]
    /// What it must gain to be worth it, in standard errors of the gain.
    private static let leastGain = 0.5
    /// What it must lose to be left out, in standard errors of the loss.
    private static let leastHarm = 2.0

    init(_ rerankers: [any Reranker]) {
        self.rerankers = rerankers
        estimator = WeightEstimator(
            signals: rerankers.map(\.id), grid: .product(rerankers.map { Self.grids[$0.id] ?? Self.factors }))
    }

    /// Adds a query.
    ///
    /// - Parameters:
    ///   - scores: the fusion's, of its best passages.
    ///   - signals: what each reranker says of these.
    mutating func add(
        _ scores: [Float], _ passages: [PassageIndex], _ signals: [[Float]], _ relevant: PassageIndex, _ family: String
    ) {
        estimator.add(base: scores, signals: signals, relevant: passages.firstIndex(of: relevant), family: family)
    }

    /// The weights for an index, from queries like people's; 0 where reranking does not help by more than half a standard error.
    func estimate(for index: IndexReader) -> Estimate<RerankEstimate> {
        let found = estimator.estimate().weights
        let gain = gain(found)
        return estimate(for: index, found, isWorth: estimator.count > 0 && gain.mean > Self.leastGain * gain.error)
    }

    /// The weights for an index, from queries that were drawn from its passages. These do not tell what late interaction is worth for
    /// people's questions, but where it does harm: others than those that are best over other collections only there.
    func estimate(for index: IndexReader, unlessHarmful prior: Float) -> Estimate<RerankEstimate> {
        let weights = rerankers.map { _ in prior }
        let gain = gain(weights)
        return estimate(for: index, weights, isWorth: gain.mean >= -Self.leastHarm * gain.error)
    }

    private func gain(_ weights: [Float]) -> (mean: Double, error: Double) {
        estimator.gain(weights, over: estimator, weights.map { _ in 0 })
    }

    private func estimate(for index: IndexReader, _ weights: [Float], isWorth: Bool) -> Estimate<RerankEstimate> {
        let kept = isWorth ? weights : weights.map { _ in 0 }
        let untouched = estimator.objective(kept.map { _ in 0 })
        return Estimate(
            RerankEstimate(
                depth: kept.allSatisfy { $0 == 0 } ? 0 : Self.depth,
                weights: Dictionary(uniqueKeysWithValues: zip(rerankers.map(\.id), kept))),
            inputs: index.inputs([GeneratorPart.kind, InteractionPart.kind, .fusionWeights]), queries: estimator.count,
            objective: estimator.objective(kept), baseline: untouched)
    }
}
