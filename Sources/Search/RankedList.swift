/// What a retriever found for a query.
public struct RankedList: Sendable {
    public var retriever: ComponentID
    /// Score falling, then passage rising.
    public var passages: [ScoredPassage]
    /// The best score that a passage could have for this query: 1 for unit vectors, all terms at full weight
    /// for BM25, the query's own evidence for n-grams. Scores are compared as shares of it, so that a retriever
    /// that matched little of a query says little (Bruch et al. 2023 call this theoretical normalisation; the
    /// usual min-max makes every list equally sure).
    public var ceiling: Float
    /// What stands for the score of a passage that the list does not hold: the floor.
    public var floor: Float
    /// The exact score of any passage, also one below the list's end, where the retriever can tell.
    public var exactScore: (@Sendable (PassageIndex) -> Float)?
    /// The retriever's ``Retriever/isRefinable``; set by the pipeline.
    var isRefinable = false
    /// Why passages are in the list; nil where the retriever has nothing to say.
    public var evidence: (any Evidence)?
    /// What was counted on the way, by name, such as "keys"; summed up by batch runs.
    public var counters: [String: Double]
    /// Seconds that the retriever took; set by the pipeline.
    public var seconds = 0.0

    public init(
        _ retriever: ComponentID, passages: [ScoredPassage], ceiling: Float, floor: Float = 0,
        exactScore: (@Sendable (PassageIndex) -> Float)? = nil, evidence: (any Evidence)? = nil,
        counters: [String: Double] = [:]
    ) {
        self.retriever = retriever
        self.passages = passages
        self.ceiling = ceiling
        self.floor = floor
        self.exactScore = exactScore
        self.evidence = evidence
        self.counters = counters
    }
}
