import Foundation

/// Estimates a reranker's weight from queries whose passage is known.
///
/// The objective is nDCG@10 with one judgement, as in ``FusionEstimator``, and the result the mean of all
/// weights of a list whose objective is within half a standard error of the best.
public struct RerankingEstimator: Sendable {
    /// The weights that are tried.
    public static let weights: [Float] = [0, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2]

    private struct Observation {
        var scores: [Float]
        var logLikelihoods: [Float?]
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
    ///   - logLikelihoods: of the same candidates, nil where one was not scored.
    ///   - relevant: the place of the known passage among them; nil where it is not there.
    public mutating func add(scores: [Float], logLikelihoods: [Float?], relevant: Int?) {
        precondition(scores.count == logLikelihoods.count)
        observations.append(
            Observation(scores: scores, logLikelihoods: logLikelihoods, relevant: relevant))
    }

    /// The estimated weight, the best objective of a weight, and that of weight 0.
    public func estimate() -> (weight: Float, objective: Double, untouched: Double) {
        guard !observations.isEmpty else { return (0, 0, 0) }
        let tried = Self.weights.map { weight in
            let gains = observations.map { gain($0, weight) }
            let n = Double(gains.count)
            let mean = gains.reduce(0, +) / n
            let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * n)
            return (weight: weight, mean: mean, error: sqrt(variance))
        }
        guard let best = tried.max(by: { $0.mean < $1.mean }) else { return (0, 0, 0) }
        let close = tried.filter { $0.mean >= best.mean - 0.5 * best.error - 1e-9 }.map(\.weight)
        return (close.reduce(0, +) / Float(close.count), best.mean, tried[0].mean)
    }

    /// 1 / log2(1 + rank) of the known passage, ties counted against it; 0 past rank 10.
    private func gain(_ observation: Observation, _ weight: Float) -> Double {
        guard let relevant = observation.relevant else { return 0 }
        let parts = Reranking(depth: observation.scores.count, weight: weight).parts(observation.logLikelihoods)
        let scores = zip(observation.scores, parts).map { $0 + $1.contribution }
        let rank = scores.reduce(0) { $1 >= scores[relevant] ? $0 + 1 : $0 }
        return rank > 10 ? 0 : 1 / log2(1 + Double(rank))
    }
}
