/// Mixes what a generator says of the merge's best candidates into their scores.
///
///     r(d)      = a * l(d) + b * s(d)
///     score'(d) = score(d) + r(d) - max r
///
/// with l(d) the mean log-probability a token of the query given the passage, s(d) their late interaction, and
/// 0 for what the generator does not tell. A candidate that was not scored counts as the worst of those that
/// were, so that it stays below them.
public struct Reranking: Sendable, Codable, Equatable {
    /// What a unit of each signal weighs.
    public struct Weights: Sendable, Codable, Equatable {
        /// a, of the likelihood.
        public var likelihood: Float
        /// b, of the late interaction.
        public var interaction: Float

        /// Good for questions about stories (FairytaleQA's development questions).
        public static let usual = Weights(likelihood: 0.15, interaction: 1)

        public init(likelihood: Float, interaction: Float) {
            (self.likelihood, self.interaction) = (likelihood, interaction)
        }
    }

    /// What a generator says of a passage.
    public struct Signals: Sendable, Equatable {
        /// l; nil where the generator writes no questions.
        public var logLikelihood: Float?
        /// s; nil where the generator has no head for it.
        public var interaction: Float?

        public init(logLikelihood: Float?, interaction: Float?) {
            (self.logLikelihood, self.interaction) = (logLikelihood, interaction)
        }
    }

    /// What a candidate gained or lost.
    public struct Part: Sendable, Equatable {
        /// Nil where the candidate was not scored.
        public var signals: Signals?
        /// Never above 0.
        public var contribution: Float
    }

    /// How many of the best candidates are scored.
    public var depth: Int
    public var weights: Weights

    public init(depth: Int, weights: Weights) {
        (self.depth, self.weights) = (depth, weights)
    }

    /// The part of every candidate; all gain 0 where none was scored.
    ///
    /// - Parameter signals: of each candidate, nil where it was not scored.
    public func parts(_ signals: [Signals?]) -> [Part] {
        let values = signals.map { $0.map(value) }
        let known = values.compactMap { $0 }
        let (least, most) = (known.min() ?? 0, known.max() ?? 0)
        return zip(signals, values).map { Part(signals: $0, contribution: ($1 ?? least) - most) }
    }

    private func value(_ signals: Signals) -> Float {
        weights.likelihood * (signals.logLikelihood ?? 0) + weights.interaction * (signals.interaction ?? 0)
    }

    /// Adds the parts to candidates' scores; the order stays.
    ///
    /// - Parameter signals: of the first candidates; the others were not scored.
    public func apply(_ signals: [Signals], to candidates: inout [Fusion.Candidate]) {
        let unscored = [Signals?](repeating: nil, count: max(0, candidates.count - signals.count))
        for (index, part) in zip(candidates.indices, parts(signals.map { $0 } + unscored)) {
            candidates[index].rerank = part
            candidates[index].score += part.contribution
        }
    }
}
