import Fields
import Foundation
import Memory
import Search

/// The best passages of a query by their ids, with what is behind them.
public struct RankedResult: Sendable {
    public struct Hit: Sendable {
        /// From 1.
        public var rank: Int
        /// The passage's external id.
        public var id: String
        public var candidate: Candidate

        public var score: Float { candidate.score }
    }

    /// Score falling, then external id falling, which is trec_eval's rule for ties.
    public var hits: [Hit]
    /// What each retriever found, with its counters and seconds.
    public var lists: [RankedList]
    /// What a filter took; next to nothing where it was asked for before.
    public var filterSeconds: Double
    public var encodeSeconds: Double
    /// What feedback did to the query; none where it was answered as it was asked.
    public var feedback: [FeedbackReport]
    /// Besides what retrievers and rerankers took.
    public var feedbackSeconds: Double
    /// Passages with static vectors that were encoded for the query.
    public var refinedCount: Int
    public var refineSeconds: Double
    public var rerankedCount: Int
    public var rerankSeconds: Double
    public var seconds: Double
    /// What a person should know: which retrievers do not run, and why.
    public var notes: [SearchNote]
    package var query: Query
}

extension Engine {
    /// The best passages of a query, without their texts.
    ///
    /// - Parameters:
    ///   - text: the query; may be empty where there is a vector.
    ///   - vector: the query's own, of the space of the index's imported vectors.
    ///   - options: how it is answered.
    ///   - hits: how many at most.
    ///   - filter: what the fields of passages must be; nil: anything.
    ///   - cancellation: asked between retrievers, between steps of beam searches, and between batches of a
    ///     reranking.
    /// - Throws: ``EngineError/emptyQuery``; ``EngineError/unknownField(_:known:)``; ``EngineError/unavailable(_:because:)`` when retrievers that are
    ///   asked for cannot run, or none can; ``EngineError/vectorsNotImported(index:)`` and what else is wrong with a vector;
    ///   ``EngineError/cannotRerank(because:)``; ``EngineError/cancelled``.
    public func rank(
        _ text: String, vector: [Float]? = nil, hits: Int = 10, options: SearchOptions = SearchOptions(),
        filter: FieldFilter? = nil, cancellation: Cancellation = .never
    ) throws(EngineError) -> RankedResult {
        try withSearch(options, QueryContents(text, vector)) {
            try $0.run(text, vector: vector, hits: hits, filter: filter, cancellation)
        }
    }
}

extension PreparedSearch {
    /// What each retriever finds for a text.
    package func lists(for text: String) throws -> [RankedList] {
        try pipeline.lists(for: reader.query(text, needs: pipeline.needs))
    }

    /// What each retriever finds, before and after the best were encoded.
    package func listsAndRefined(for text: String) throws -> (found: [RankedList], refined: [RankedList]) {
        try pipeline.listsAndRefined(for: reader.query(text, needs: pipeline.needs))
    }

    /// The best passages of a query that has what the search needs.
    package func best(_ query: Query, _ hits: Int) throws -> [RankedResult.Hit] {
        var pipeline = pipeline
        pipeline.depth = max(pipeline.depth, hits)
        return try best(pipeline.run(query).candidates, hits)
    }

    /// Runs the search.
    package func run(
        _ text: String, vector: [Float]? = nil, hits: Int, filter: FieldFilter? = nil,
        _ cancellation: Cancellation = .never
    ) throws -> RankedResult {
        let start = ContinuousClock.now
        let passing = try reader.passing(filter)
        let filtered = ContinuousClock.now
        let query = try reader.query(
            text, vector: vector, needs: pipeline.needs, filter: passing, cancellation: cancellation)
        let encoded = ContinuousClock.now
        var pipeline = pipeline
        pipeline.depth = max(pipeline.depth, hits)
        let outcome = try pipeline.run(query)
        let best = try best(outcome.candidates, hits)
        return RankedResult(
            hits: best, lists: outcome.lists, filterSeconds: (filtered - start) / .seconds(1),
            encodeSeconds: (encoded - filtered) / .seconds(1),
            feedback: outcome.feedback, feedbackSeconds: outcome.feedbackSeconds,
            refinedCount: outcome.refinedCount, refineSeconds: outcome.refineSeconds,
            rerankedCount: outcome.rerankedCount, rerankSeconds: outcome.rerankSeconds,
            seconds: (ContinuousClock.now - start) / .seconds(1), notes: notes, query: query)
    }

    private func best(_ candidates: [Candidate], _ k: Int) throws -> [RankedResult.Hit] {
        // Ties across the cut are broken by external id, so look a little past it.
        var order = candidates.sorted { $0.score > $1.score }
        if order.count > k, k > 0 {
            let last = order[k - 1].score
            order = order.filter { $0.score >= last }
        }
        let named = try order.map { (candidate: $0, id: try reader.id(of: $0.passage)) }.sorted { a, b in
            a.candidate.score != b.candidate.score
                ? a.candidate.score > b.candidate.score
                : b.id.utf8.lexicographicallyPrecedes(a.id.utf8)
        }
        return named.prefix(k).enumerated().map { RankedResult.Hit(rank: $0 + 1, id: $1.id, candidate: $1.candidate) }
    }
}
