/// What a component reads of a query that a model must compute first.
public struct QueryNeeds: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The query's one vector, which passages' vectors are compared with.
    public static let vector = QueryNeeds(rawValue: 1)
    /// The encoder's states, one a token, which generators read.
    public static let states = QueryNeeds(rawValue: 2)
}
