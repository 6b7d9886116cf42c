/// How a method works. A member that is nil has the method's own default; one that a method has no use for is an error.
public struct RerankOptions: Sendable, Equatable, Codable {
    public enum Strategy: String, Sendable, Codable, CaseIterable {
        case heap, bubble
        /// Every pair, both ways.
        case all
    }

    /// Passages of a prompt that orders many.
    public var window: Int?
    public var stride: Int?
    public var passes: Int?
    /// Children of a heap's node; a question of setwise is about one more.
    public var children: Int?
    /// How many of the best a sorter puts in order.
    public var top: Int?
    public var strategy: Strategy?
    /// Random orders in which a group is shown.
    public var permutations: Int?
    /// Texts in a group.
    public var group: Int?
    /// Whether what a passage, or a place in the prompt, does by itself is taken off: the same prompt with a query that says nothing.
    public var calibrate: Bool?
    /// The most tokens of a passage.
    public var passageTokens: Int?
    /// Whether passages that are longer than that are cut to their sentences about the query, and not at the end.
    public var summary: Bool?
    /// Passages that may come one after the other without entering the best `top`, before the rest is left as it is.
    public var patience: Int?
    /// How far a first score may lie below the best, as a share of the range, to be looked at.
    public var alpha: Double?
    /// The most tokens of reasoning before an answer.
    public var reasoningTokens: Int?
    /// Heads of attention that are counted, as layer and head; nil for all.
    public var heads: [[Int]]?
    public var prompt: RerankPrompt?

    public init() {}
}
