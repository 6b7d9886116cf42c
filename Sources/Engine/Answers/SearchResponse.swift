import Foundation
import Search

/// The answer to a request: what every interface of genret gives. Names are those of Anserini's and Pyserini's
/// REST API, so that their clients can read it.
public struct SearchResponse: Sendable, Equatable, Codable {
    /// Which generation of the index answered: the first digits of its manifest's SHA-256. The same generation
    /// and request give the same candidates.
    public var generation: String
    public var query: Query
    /// Best first: score falling, then docid falling.
    public var candidates: [Candidate]
    /// How often the values of fields that were asked for occur among all passages that the retrievers found.
    public var facets: [Facet]?
    /// What feedback did to the query; nil where it was answered as it was asked.
    public var feedback: [Feedback]?
    /// What a person should know: which retrievers do not run, and why.
    public var notes: [String]
    public var milliseconds: Double
    /// Milliseconds of "encode", of each retriever, of "feedback" where the query was changed, of "refine" where passages were encoded for the query, and of "rerank".
    public var timings: [String: Double]

    public struct Query: Sendable, Equatable, Codable {
        public var text: String
    }

    /// How passages changed the query.
    public struct Feedback: Sendable, Equatable, Codable {
        public var method: ComponentID
        /// The passages that it was changed by, by their external ids.
        public var relevant: [String]
        public var irrelevant: [String]
        /// All terms of the changed query; nil where they are the query's own.
        public var terms: [WeightedTerms.Term]?
        /// The cosine of the changed vector with the query's own; nil where it was not changed.
        public var similarity: Float?
    }

    /// The values of a field.
    public struct Facet: Sendable, Equatable, Codable {
        public var field: String
        /// The passages that were counted, whether they have the field or not.
        public var passages: Int
        /// Count falling, then value rising.
        public var values: [Value]

        public struct Value: Sendable, Equatable, Codable {
            public var value: JSONTree
            public var count: Int
        }
    }

    public struct Candidate: Sendable, Equatable, Codable {
        /// The passage's external id.
        public var docid: String
        /// From 1.
        public var rank: Int
        public var score: Float
        public var title: String?
        public var text: String?
        /// What else is said of the passage: an object; nil where nothing is.
        public var fields: JSONTree?
        public var snippet: Snippet?
        /// The matched parts of the snippet's text, each as its start and end in the unit of `offsets`.
        public var matches: [[Int]]?
        public var offsets: SearchRequest.Offsets?
        /// What each retriever that ran says of the passage.
        public var retrievers: [ComponentID: Part]?
        /// What reranking took away, and why; nil where nothing was reranked.
        public var rerank: RerankPart?
        public var explanation: Explanation?
    }

    /// One retriever's part of a score.
    public struct Part: Sendable, Equatable, Codable {
        /// From 1; nil below the end of its list.
        public var rank: Int?
        public var score: Float?
        public var contribution: Float
    }

    /// The rerankers' part of a score.
    public struct RerankPart: Sendable, Equatable, Codable {
        /// By reranker; nil where the passage was not scored.
        public var scores: [ComponentID: Float]?
        /// Never above 0.
        public var contribution: Float
    }

    /// A piece of a passage's text around what was found.
    public struct Snippet: Sendable, Equatable, Codable {
        public var text: String
        /// The text in pieces: a client marks those that match without counting bytes.
        public var runs: [Run]
    }

    public struct Run: Sendable, Equatable, Codable {
        public var text: String
        /// Whether this was found; nil where not.
        public var isMatch: Bool?
    }
}
