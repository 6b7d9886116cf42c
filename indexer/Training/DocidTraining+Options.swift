extension DocidTraining {
    /// How docids are trained.
    public struct Options: Sendable, Equatable {
        /// Pairs of a batch.
        public var batch = 128
        /// The most tokens of a query.
        public var queryLength = 64
        public var dropout: Float = 0.1

        public init() {}
    }
}
