import IndexStore
import Search

/// The estimates that an index may hold.
extension ComponentID {
    /// The weight of each retriever in the fusion: ``FusionEstimate``.
    public static let fusionWeights: ComponentID = "fusion"
    /// The constants of key weights and evidence for a generator: `KeyTuning`.
    public static let keyConstants: ComponentID = "key-constants"
    /// How the fusion's best are reranked: ``RerankEstimate``.
    public static let rerank: ComponentID = "rerank"
    /// How queries are changed by what they find first: ``FeedbackEstimate``.
    public static let feedback: ComponentID = "feedback"
    /// The weight of BM25 in the look-ahead of docids, 0 to 1.
    public static let lookAhead: ComponentID = "look-ahead"
}

/// How the best of a fusion are reranked.
public struct RerankEstimate: Codable, Sendable, Equatable {
    /// How many; 0 where reranking does not help.
    public var depth: Int
    public var weights: [ComponentID: Float]

    public init(depth: Int, weights: [ComponentID: Float]) { (self.depth, self.weights) = (depth, weights) }
}
