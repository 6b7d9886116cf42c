import Ranking

/// The generators of n-grams.
public enum NgramGeneratorKind: String, Sendable, Codable, CaseIterable {
    /// The index's own network.
    case trained
    /// Copying from the query and the corpus' counts.
    case anchored = "untrained"
}

/// How a query is answered. The defaults are the command line's.
public struct SearchOptions: Sendable, Codable, Equatable {
    /// The number of hits.
    public var k = 10
    public var retrievers: Set<RetrieverKind> = Set(RetrieverKind.allCases)
    /// How many passages each retriever gives to the merge; at least `k`.
    public var depth = 100
    public var ngram = NgramRetriever.Options()
    /// Where n-grams come from; nil is the trained generator where the index has one that can run.
    public var ngramGenerator: NgramGeneratorKind?
    public var docid = DocidRetriever.Options()
    public var bm25 = SparseIndex.Parameters()
    public var fusionMethod = Fusion.Method.weighted
    /// Overrides the index's own fusion weights.
    public var fusionWeights: [RetrieverKind: Float]?

    public init() {}
}
