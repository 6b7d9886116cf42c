import Ranking

/// The generators of n-grams.
public enum NgramGeneratorKind: String, Sendable, Codable, CaseIterable {
    /// The index's own network.
    case trained
    /// Copying from the query and the corpus' counts.
    case anchored = "untrained"
}

/// The docids of an index.
public enum DocidKind: String, Sendable, Codable, CaseIterable {
    /// Those that a network was trained for, with their entries.
    case trained
    /// Those of the passages' vectors, made when the index was built.
    case untrained
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
    /// Overrides constants of key weights and evidence, those that the index's generator brings included.
    public var ngramTuning = KeyTuning()
    public var docid = DocidRetriever.Options()
    /// Which docids are generated; nil is the trained ones where the index has some.
    public var docids: DocidKind?
    /// The weight of BM25 in planning ahead of trained docids, 0...1; nil is the index's own.
    public var planAhead: Float?
    public var bm25 = SparseIndex.Parameters()
    public var fusionMethod = Fusion.Method.weighted
    /// Overrides the index's own fusion weights.
    public var fusionWeights: [RetrieverKind: Float]?
    /// How many of the merge's best are reranked by the trained generator; 0 for none. Nil is the index's own,
    /// and none where it has none.
    public var rerank: Int?
    /// What weighs how much where something is reranked; nil is the index's own weights.
    public var rerankWeights: Reranking.Weights?

    public init() {}

    /// The options of the n-gram retriever, with the constants of a trained generator where one is used.
    package func ngramOptions(_ tuning: KeyTuning?) -> NgramRetriever.Options {
        var options = ngram
        tuning?.apply(to: &options)
        ngramTuning.apply(to: &options)
        return options
    }
}
