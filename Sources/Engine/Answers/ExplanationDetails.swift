import Ranking

/// A generated key, or a single token, that a passage holds: an item of an explanation's "keys".
public struct GeneratedKey: Sendable, Codable, Equatable {
    public var text: String
    public var kind: Key.Kind
    /// What it adds to the query's terms; nil of the terms themselves, and where they are no floor.
    public var adds: KeyClass?
    /// How often the key occurs in the corpus.
    public var count: Int
    /// log p(n | q).
    public var logProb: Float
    /// w(n).
    public var weight: Float
    /// r(n, C): the part of the weight that counted here.
    public var coverage: Float
    /// How often it was taken in the passage.
    public var occurrences: Int
}

/// The docid of a passage, level by level: an explanation's "docid".
public struct DocidPath: Sendable, Codable, Equatable {
    public struct Level: Sendable, Codable, Equatable {
        public var token: Int32
        /// log p(token | prefix, q).
        public var logProb: Float
        /// How many docids begin like this.
        public var below: Int?
        /// The title of a passage that they lead to, one of the best for the query, or how its text begins.
        public var title: String?
        /// The likeliest of the tokens that were not taken here.
        public var others: [Level]?
    }

    /// How docids are made.
    public var scheme: String
    /// The sentence that the docid stands for; nil where it stands for the passage.
    public var text: String?
    public var levels: [Level]
}
