import Learning
import Transformers

extension RerankTraining {
    /// How a generator's head is trained to compare queries with passages.
    public struct Options: Sendable, Equatable {
        /// Queries of a batch.
        public var batch = 16
        /// Passages that a query's own is told from.
        public var negatives = 8
        /// What is made least, by its name in ``RankingLosses``.
        public var loss = RankingLosses.usual
        /// The most tokens of a query, and of a passage, special ones included.
        public var queryLength = 64
        public var readLength = QueryLikelihood.passageTokens

        public init() {}
    }
}
