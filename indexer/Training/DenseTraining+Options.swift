import Learning

extension DenseTraining {
    /// How an encoder of queries is trained.
    public struct Options: Sendable, Equatable {
        /// Queries of a batch.
        public var batch = 128
        public var temperature: Float = 0.05
        public var negatives = DenseNegatives.hard
        /// What is made least, by its name in ``RankingLosses``; the full softmax of `all` has the usual one only.
        public var loss = RankingLosses.usual
        /// Passages that a query is told from where they are not all; random ones come in addition.
        public var negativeCount = 200
        /// The most tokens of a query.
        public var queryLength = 64
        /// How many of the last layers are trained; nil trains everything.
        public var layers: Int?

        public init() {}
    }
}
