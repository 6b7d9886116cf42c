/// Planning ahead (PAG, Zeng et al. 2024): what another retriever says of every passage, before the first
/// token is generated. A prefix scores
///
///     (1 - weight) s(prefix) + weight · the best score of a passage below it
///
/// and a whole docid what fusion would give its passage.
public struct DocidPlan: Sendable {
    /// For each passage, as a share of the best that it could be.
    public var scores: [Float]
    /// 0...1
    public var weight: Float

    public init(scores: [Float], weight: Float) {
        self.scores = scores
        self.weight = weight
    }

    /// The score of a prefix, or of a whole docid, from its own and what lies ahead.
    @inline(__always)
    func score(_ own: Float, ahead: Float) -> Float { (1 - weight) * own + weight * ahead }
}
