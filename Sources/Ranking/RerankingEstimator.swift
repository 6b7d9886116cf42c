import Foundation

/// Estimates a reranker's weights from queries whose passage is known.
///
/// The objective is nDCG@10 with one judgement, as in ``FusionEstimator``, and the result the mean of all
/// weights of a grid whose objective is within half a standard error of the best.
public struct RerankingEstimator: Sendable {
    /// The weights that are tried, of the likelihood and of the late interaction.
    public static let likelihood: [Float] = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6]
    public static let interaction: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3]

    private struct Observation {
        var scores: [Float]
        var signals: [Reranking.Signals]
        /// The known passage's place, nil where it was not found.
        var relevant: Int?
    }

    private var observations: [Observation] = []

    public init() {}

    public var count: Int { observations.count }

    /// Adds a query.
    ///
    /// - Parameters:
    ///   - scores: the merged scores of its best candidates.
    ///   - signals: of the same candidates.
    ///   - relevant: the place of the known passage among them; nil where it is not there.
    public mutating func add(scores: [Float], signals: [Reranking.Signals], relevant: Int?) {
        precondition(scores.count == signals.count)
        observations.append(Observation(scores: scores, signals: signals, relevant: relevant))
    }

    /// The estimated weights, the best objective of weights, and that of weights 0. A signal that no candidate
    /// has weighs 0.
    public func estimate() -> (weights: Reranking.Weights, objective: Double, untouched: Double) {
        let none = Reranking.Weights(likelihood: 0, interaction: 0)
        guard !observations.isEmpty else { return (none, 0, 0) }
        let all = observations.lazy.flatMap(\.signals)
        let likelihood = all.contains { $0.logLikelihood != nil } ? Self.likelihood : [0]
        let interaction = all.contains { $0.interaction != nil } ? Self.interaction : [0]
        let tried = likelihood.flatMap { a in interaction.map { .init(likelihood: a, interaction: $0) } }
            .map(measured)
        guard let best = tried.max(by: { $0.mean < $1.mean }) else { return (none, 0, 0) }
        let close = tried.filter { $0.mean >= best.mean - 0.5 * best.error - 1e-9 }.map(\.weights)
        func mean(_ part: (Reranking.Weights) -> Float) -> Float {
            close.reduce(0) { $0 + part($1) } / Float(close.count)
        }
        return (
            .init(likelihood: mean(\.likelihood), interaction: mean(\.interaction)), best.mean, tried[0].mean
        )
    }

    /// The mean of the objective over the queries, and its standard error.
    private func measured(
        _ weights: Reranking.Weights
    ) -> (weights: Reranking.Weights, mean: Double, error: Double) {
        let gains = observations.map { gain($0, weights) }
        let n = Double(gains.count)
        let mean = gains.reduce(0, +) / n
        let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * n)
        return (weights, mean, sqrt(variance))
    }

    /// 1 / log2(1 + rank) of the known passage, ties counted against it; 0 past rank 10.
    private func gain(_ observation: Observation, _ weights: Reranking.Weights) -> Double {
        guard let relevant = observation.relevant else { return 0 }
        let parts = Reranking(depth: observation.scores.count, weights: weights).parts(observation.signals)
        let scores = zip(observation.scores, parts).map { $0 + $1.contribution }
        let rank = scores.reduce(0) { $1 >= scores[relevant] ? $0 + 1 : $0 }
        return rank > 10 ? 0 : 1 / log2(1 + Double(rank))
    }
}
