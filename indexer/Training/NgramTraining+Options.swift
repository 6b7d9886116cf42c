extension NgramTraining {
    /// How a generator of n-grams is trained.
    public struct Options: Sendable, Equatable {
        /// Pairs of a batch.
        public var batch = 192
        /// Tokens of a span.
        public var spanLength = 6
        /// What words that a query and its passage share count beside a span, those in it counting 1: above 1, spans
        /// of what the query lacks are favoured.
        public var besideWeight: Float = 0.5
        /// The share of pairs that teach the title too.
        public var titleShare = 0.15
        /// The shares of pairs that teach the span, and the query from its passage.
        public var spanShare = 1.0
        public var questionShare = 0.0
        /// The share of pairs whose span is ranked against spans of other passages, and of how many.
        public var rankShare = 0.0
        public var rankNegatives = 3
        /// The most tokens of a query, and of a passage that spans are drawn from.
        public var queryLength = 64
        public var passageLength = 500
        /// The most tokens of a passage that is read, special ones included.
        public var readLength = 192

        public init() {}
    }
}
