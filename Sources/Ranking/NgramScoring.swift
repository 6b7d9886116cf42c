/// What n-grams add up to.
public enum NgramScoring: String, Sendable, Codable, CaseIterable {
    /// BM25 of the query's terms, and above this floor what each key says that they do not (``KeyIncrements``).
    case increments
    /// SEAL's: the weights of all keys, the query's own words among them (``KeyWeighting``).
    case seal
}
