/// What a term of the query adds to a passage's BM25 score: an item of an explanation's "terms".
public struct TermPart: Sendable, Codable, Equatable {
    public var term: String
    /// idf, as often as the term stands in the query.
    public var idf: Float
    /// What the query says that the term weighs, which `idf` is multiplied with; nil where it says nothing.
    public var weight: Float?
    public var contribution: Float
}
