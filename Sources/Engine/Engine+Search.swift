import Foundation
import Ranking

extension Engine {
    /// Answers a query.
    ///
    /// Hits are ordered by score falling, then by external id falling, which is trec_eval's rule
    /// for ties.
    ///
    /// - Throws: ``EngineError/emptyQuery``; ``EngineError/unavailable(_:reason:)`` when none of the
    ///   retrievers asked for can run; ``EngineError/cannotRerank(reason:)`` when a reranking is asked
    ///   for and cannot run.
    public func search(_ text: String, _ options: SearchOptions = SearchOptions()) throws(EngineError) -> SearchResult {
        try retrieve(text, options).result
    }

    /// A result with the lists behind it.
    package struct Retrieval: Sendable {
        package var query: EncodedQuery
        package var lists: SegmentSet.Lists
        package var result: SearchResult
    }

    package func retrieve(_ text: String, _ options: SearchOptions) throws(EngineError) -> Retrieval {
        let start = ContinuousClock.now
        let kinds = options.retrievers.intersection(availableRetrievers).sorted()
        guard !kinds.isEmpty else {
            throw .unavailable(Array(options.retrievers), reason: encoderProblem ?? "no retriever was named")
        }
        var diagnostics = SearchResult.Diagnostics()
        let generator = kinds.contains(.ngram) ? try generator(for: options) : nil
        let docids = kinds.contains(.docid) ? try trainedDocids(for: options) : nil
        let reranker = try reranker(for: options, merges: kinds.count > 1)
        let query = try queries.encode(
            text, withVector: kinds.contains(where: \.needsEncoder),
            withStates: generator != nil || docids != nil || reranker != nil)
        diagnostics.encodeSeconds = Self.seconds(since: start)
        let lists = segments.retrieve(
            query, kinds: kinds, depth: max(options.depth, options.k), options: options,
            generator: generator, docids: docids)
        let estimate = (docids == nil ? nil : manifest.docids?.fusion)
            ?? (generator == nil ? nil : manifest.generator?.fusion) ?? manifest.fusion
        var candidates = merge(lists, options, estimate.fusion)
        if let reranker {
            let start = ContinuousClock.now
            diagnostics.reranked = rerank(&candidates, query, reranker)
            diagnostics.rerankSeconds = Self.seconds(since: start)
        }
        let hits = best(candidates, options.k)
        diagnostics.retrievers = kinds
        diagnostics.retrieverSeconds = lists.seconds
        if kinds.contains(.ngram) { diagnostics.ngramGenerator = generator == nil ? .anchored : .trained }
        diagnostics.keys = lists.ngram?.keyCount ?? 0
        diagnostics.invalidKeys = lists.ngram?.invalidKeys ?? 0
        diagnostics.evidenceSeconds = (lists.ngram?.evidenceTime ?? .zero) / .seconds(1)
        diagnostics.docids = lists.docidCount
        diagnostics.invalidDocids = lists.invalidDocids
        diagnostics.seconds = Self.seconds(since: start)
        return Retrieval(
            query: query, lists: lists,
            result: SearchResult(query: text, hits: hits, diagnostics: diagnostics))
    }

    /// The trained generator, where it is asked for or nothing else is.
    private func generator(for options: SearchOptions) throws(EngineError) -> TrainedGenerator? {
        guard options.ngramGenerator != .anchored else { return nil }
        if let generator = try generator?.trained() { return generator }
        guard options.ngramGenerator == .trained else { return nil }
        let reason = manifest.generator == nil
            ? "the index has no trained generator; \"genret generator set\" puts one into it"
            : encoderProblem ?? "the index's generator was not trained for passages"
        throw .unavailable([.ngram], reason: reason)
    }

    /// The trained docids, where they are asked for or nothing else is.
    package func trainedDocids(for options: SearchOptions) throws(EngineError) -> TrainedDocids? {
        guard options.docids != .untrained else { return nil }
        if let trainedDocids { return try trainedDocids.docids() }
        guard options.docids == .trained else { return nil }
        let reason = manifest.docids == nil
            ? "the index has no trained docids; \"genret docid set\" puts some into it" : encoderProblem ?? ""
        throw .unavailable([.docid], reason: reason)
    }

    /// The candidates of all lists, best first.
    private func merge(
        _ lists: SegmentSet.Lists, _ options: SearchOptions, _ fusion: Fusion
    ) -> [Fusion.Candidate] {
        var fusion = fusion
        fusion.method = options.fusionMethod
        if let weights = options.fusionWeights { fusion.weights = weights }
        if lists.lists.allSatisfy({ (fusion.weights[$0.kind] ?? 0) == 0 }) {
            // The estimate gave nothing to any of these; without it all are alike.
            fusion.weights = Fusion.uniform(lists.lists.map(\.kind)).weights
        }
        var candidates = fusion.merge(lists.lists)
        if let only = lists.lists.first, lists.lists.count == 1 {
            // A retriever alone keeps its own scores.
            let scores = Dictionary(
                uniqueKeysWithValues: only.documents.map { ($0.document, $0.score) })
            for index in candidates.indices {
                candidates[index].score = scores[candidates[index].document] ?? 0
            }
        }
        return candidates
    }

    private func best(_ candidates: [Fusion.Candidate], _ k: Int) -> [SearchResult.Hit] {
        // Ties across the cut are broken by external id, so look a little past it.
        var order = candidates.sorted { $0.score > $1.score }
        if order.count > k, k > 0 {
            let last = order[k - 1].score
            order = order.filter { $0.score >= last }
        }
        let named = order.map { (candidate: $0, id: id(of: $0.document)) }.sorted { a, b in
            a.candidate.score != b.candidate.score ? a.candidate.score > b.candidate.score
                : b.id.utf8.lexicographicallyPrecedes(a.id.utf8)
        }
        return named.prefix(k).enumerated().map { position, item in
            SearchResult.Hit(
                rank: position + 1, document: item.candidate.document, id: item.id,
                score: item.candidate.score, parts: item.candidate.parts, rerank: item.candidate.rerank)
        }
    }

    package static func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
}
