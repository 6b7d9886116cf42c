/// What of a query feedback changes, and what retrievers read of it.
public struct QueryForms: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The query's terms with their weights: ``WeightedTerms``.
    public static let terms = QueryForms(rawValue: 1)
    /// The query's one vector.
    public static let vector = QueryForms(rawValue: 2)
}
