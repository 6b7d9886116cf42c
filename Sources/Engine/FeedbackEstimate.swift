import Search

/// How an index changes queries by what they find first: by what helped its judged queries for sure, which may be nothing.
public struct FeedbackEstimate: Codable, Sendable, Equatable {
    /// Names of `Registry.feedback`; none where nothing helps.
    public var methods: [ComponentID]
    /// Whether passages count by how relevant rerankers find them.
    public var filter: Bool
    /// Everything that was tried.
    public var trials: [Trial]

    public struct Trial: Codable, Sendable, Equatable {
        public var methods: [ComponentID]
        public var filter: Bool
        /// The mean difference of the measure, and its two-sided p value in a paired randomisation test.
        public var gain: Double
        public var p: Double

        public init(methods: [ComponentID], filter: Bool, gain: Double, p: Double) {
            (self.methods, self.filter, self.gain, self.p) = (methods, filter, gain, p)
        }
    }

    public init(methods: [ComponentID], filter: Bool, trials: [Trial]) {
        (self.methods, self.filter, self.trials) = (methods, filter, trials)
    }
}
