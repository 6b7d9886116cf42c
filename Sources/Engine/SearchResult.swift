import Ranking

/// The answer to a query.
public struct SearchResult: Sendable {
    public var query: String
    public var hits: [Hit]
    public var diagnostics: Diagnostics

    public struct Hit: Sendable {
        /// From 1.
        public var rank: Int
        public var document: Int32
        public var id: String
        public var score: Float
        /// What each retriever that ran says of the passage.
        public var parts: [Fusion.Candidate.Part]
        /// What reranking took away, and why; nil where nothing was reranked.
        public var rerank: Reranking.Part?
    }

    /// What happened on the way; summed up by batch runs.
    public struct Diagnostics: Sendable {
        /// The retrievers that ran.
        public var retrievers: [RetrieverKind] = []
        public var keys = 0
        /// Keys that do not occur in the corpus. Zero unless something is broken.
        public var invalidKeys = 0
        public var docids = 0
        /// Generated docids that lead to no passage. Zero unless something is broken.
        public var invalidDocids = 0
        /// Seconds to encode the query, in each retriever, and in all.
        public var encodeSeconds = 0.0
        public var retrieverSeconds: [RetrieverKind: Double] = [:]
        public var seconds = 0.0
        /// What the n-gram retriever generated with; nil when it did not run.
        public var ngramGenerator: NgramGeneratorKind?
        /// Of the n-gram retriever's time, the part from keys to passages.
        public var evidenceSeconds = 0.0
        /// How many candidates were reranked, and the seconds that it took.
        public var reranked = 0
        public var rerankSeconds = 0.0

        public init() {}
    }
}
