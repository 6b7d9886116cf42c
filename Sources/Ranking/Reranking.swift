/// Mixes what a reranker says of the merge's best candidates into their scores.
///
///     score'(d) = score(d) + weight * (l(d) - max l)
///
/// with l(d) the mean log-probability a token of the query given the passage. A candidate that was not
/// scored counts as the least likely of those that were, so that it stays below them.
public struct Reranking: Sendable, Codable, Equatable {
    /// How many of the best candidates are scored.
    public var depth: Int
    /// What a unit of l weighs.
    public var weight: Float

    /// The weight where nothing was estimated; it was good for questions about stories (FairytaleQA).
    public static let usualWeight: Float = 0.2

    public init(depth: Int, weight: Float) {
        self.depth = depth
        self.weight = weight
    }

    /// What a candidate gained or lost.
    public struct Part: Sendable, Equatable {
        /// l; nil where the candidate was not scored.
        public var logLikelihood: Float?
        /// Never above 0.
        public var contribution: Float
    }

    /// The part of every candidate; all gain 0 where none was scored.
    ///
    /// - Parameter logLikelihoods: l of each candidate, nil where it was not scored.
    public func parts(_ logLikelihoods: [Float?]) -> [Part] {
        let known = logLikelihoods.compactMap { $0 }
        let (least, most) = (known.min() ?? 0, known.max() ?? 0)
        return logLikelihoods.map {
            Part(logLikelihood: $0, contribution: weight * (($0 ?? least) - most))
        }
    }

    /// Adds the parts to candidates' scores; the order stays.
    ///
    /// - Parameter logLikelihoods: of the first candidates; the others were not scored.
    public func apply(_ logLikelihoods: [Float?], to candidates: inout [Fusion.Candidate]) {
        let unscored = [Float?](repeating: nil, count: max(0, candidates.count - logLikelihoods.count))
        for (index, part) in zip(candidates.indices, parts(logLikelihoods + unscored)) {
            candidates[index].rerank = part
            candidates[index].score += part.contribution
        }
    }
}
