/// Changes a query by passages: by the best of a first search, which are taken as relevant (pseudo-relevance feedback), or by what a
/// person says of some (relevance feedback). The retrievers that read what was changed are then asked again.
///
/// An immutable value; any number of threads use it.
public protocol Feedback: Sendable {
    /// Its name in options and explanations.
    var id: ComponentID { get }

    /// What of a query it changes.
    var changes: QueryForms { get }

    /// What of a query must be computed for it.
    var needs: QueryNeeds { get }

    /// How many of the first search's best it reads.
    var depth: Int { get }

    /// Whether it reads ``FeedbackPassage/rerankScore``.
    var readsRerankScores: Bool { get }

    /// The changed query, with what was done to it; nil where the passages say nothing.
    ///
    /// - Parameter passages: at most ``depth`` relevant ones.
    func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
}

extension Feedback {
    public var needs: QueryNeeds { [] }
    public var readsRerankScores: Bool { false }
}

/// A passage that is taken as relevant.
public struct FeedbackPassage: Sendable, Equatable {
    public var passage: PassageIndex
    /// The first search's, at least 0; 1 where a person says so.
    public var score: Float
    /// How likely it is relevant as rerankers have it, 0 to 1; 1 where nobody asks them.
    public var trust: Float
    /// The weighted sum of what rerankers say; nil where they were not asked.
    public var rerankScore: Float?

    public init(_ passage: PassageIndex, score: Float, trust: Float = 1, rerankScore: Float? = nil) {
        (self.passage, self.score, self.trust, self.rerankScore) = (passage, score, trust, rerankScore)
    }
}

/// What a query is changed by.
public struct FeedbackPassages: Sendable, Equatable {
    /// The best first.
    public var relevant: [FeedbackPassage]
    public var irrelevant: [PassageIndex]

    public init(relevant: [FeedbackPassage], irrelevant: [PassageIndex] = []) {
        (self.relevant, self.irrelevant) = (relevant, irrelevant)
    }
}

/// What was done to a query, for explanations.
public struct FeedbackReport: Sendable, Equatable {
    public var method: ComponentID
    /// What was read: relevant passages, then irrelevant ones.
    public var relevant: [PassageIndex]
    public var irrelevant: [PassageIndex]
    /// All terms of the changed query; nil where these were not changed.
    public var terms: WeightedTerms?
    /// The cosine of the changed vector with the query's own; nil where it was not changed.
    public var similarity: Float?

    public init(
        _ method: ComponentID, _ passages: FeedbackPassages, terms: WeightedTerms? = nil, similarity: Float? = nil
    ) {
        self.method = method
        (relevant, irrelevant) = (passages.relevant.map(\.passage), passages.irrelevant)
        (self.terms, self.similarity) = (terms, similarity)
    }
}
