import Ranking

/// Why a passage was found: everything that `--explain` shows.
public struct Explanation: Sendable {
    public struct KeyEvidence: Sendable, Codable {
        public var text: String
        public var kind: Key.Kind
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

    public struct DocidStep: Sendable, Codable {
        public var token: Int32
        /// log p(token | prefix, q).
        public var logProb: Float
    }

    /// The generated keys that the passage holds, in the order they were taken.
    public var keys: [KeyEvidence]
    /// The docid's path; empty without an encoder.
    public var docid: [DocidStep]
    /// How the docid was made: the scheme's name.
    public var scheme: String
}

/// A hit with its text and reasons.
public struct PresentedHit: Sendable {
    public var hit: SearchResult.Hit
    public var title: String
    public var text: String
    public var snippet: Snippet
    /// Nil unless asked for.
    public var explanation: Explanation?
}
