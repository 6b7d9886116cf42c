/// How the untrained generator of n-grams copies from a query.
public struct AnchoredNgramOptions: Sendable, Codable, Equatable {
    /// The share of copying after the first word.
    public var gate: Float = 0.5
    /// The share of copying that continues the query's own order.
    public var follow: Float = 0.5
    /// How many of the most frequent next tokens of the corpus are considered.
    public var continuations = 8
    /// How many distinct query words, the rarest first, are considered.
    public var maximumQueryTokens = 64

    public init() {}
}
