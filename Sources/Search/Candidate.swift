/// A passage that some retriever found, with what each component adds to its score.
///
/// The contributions sum to the score, to rounding.
public struct Candidate: Sendable {
    public var passage: PassageIndex
    public var score: Float
    /// One for each list, in the order of the lists.
    public var parts: [Part]
    /// What reranking took away, and why; nil where nothing was reranked.
    public var rerank: RerankPart?

    public init(passage: PassageIndex, score: Float, parts: [Part], rerank: RerankPart? = nil) {
        self.passage = passage
        self.score = score
        self.parts = parts
        self.rerank = rerank
    }

    /// What one retriever says of the passage.
    public struct Part: Sendable, Equatable {
        public var retriever: ComponentID
        /// From 1; one more than the number of passages with a higher score. Nil below the list's end.
        public var rank: Int?
        /// Nil where the retriever cannot tell.
        public var score: Float?
        public var contribution: Float

        public init(retriever: ComponentID, rank: Int?, score: Float?, contribution: Float) {
            self.retriever = retriever
            self.rank = rank
            self.score = score
            self.contribution = contribution
        }
    }

    /// What the rerankers of a stage say of the passage.
    public struct RerankPart: Sendable, Equatable {
        /// By reranker; nil where the candidate was not scored.
        public var scores: [ComponentID: Float]?
        /// Above 0 only where rerankers decide alone.
        public var contribution: Float

        public init(scores: [ComponentID: Float]?, contribution: Float) {
            self.scores = scores
            self.contribution = contribution
        }
    }
}
