import Ranking
import Transformers

extension Engine {
    /// How a query's candidates are reranked.
    struct Reranker {
        var reranking: Reranking
        var likelihood: QueryLikelihood
    }

    /// The reranker that a query asks for, or else that of the index, which was estimated for weighted
    /// merges; nil without one.
    func reranker(for options: SearchOptions, merges: Bool) throws(EngineError) -> Reranker? {
        let estimate = manifest.generator?.rerank
        let isUsual = merges && options.fusionMethod == .weighted && options.ngramGenerator != .anchored
        guard let depth = options.rerank ?? (isUsual ? estimate?.depth : nil), depth > 0 else { return nil }
        guard let generator else {
            guard options.rerank != nil else { return nil }
            throw .cannotRerank(
                reason: manifest.generator == nil
                    ? "the index has no trained generator; \"genret generator set\" puts one into it"
                    : encoderProblem ?? "the encoder was not loaded")
        }
        guard let likelihood = QueryLikelihood(try generator.model()) else {
            guard options.rerank != nil else { return nil }
            throw .cannotRerank(reason: "the index's generator was not trained to write questions")
        }
        let weight = options.rerankWeight ?? estimate?.weight ?? Reranking.usualWeight
        return Reranker(reranking: .init(depth: depth, weight: weight), likelihood: likelihood)
    }

    /// Adds the likelihood of the query to the scores of candidates, which are the best first.
    ///
    /// - Returns: how many were scored.
    func rerank(
        _ candidates: inout [Fusion.Candidate], _ query: EncodedQuery, _ reranker: Reranker
    ) -> Int {
        let tokens = query.ngrams.words.flatMap { $0 }
        let likelihood = reranker.likelihood
        let passages = candidates.prefix(reranker.reranking.depth).map { candidate in
            let (segment, local) = segments.places.locate(candidate.document)
            return likelihood.passage(segments.segments[segment].ngram.index.text(of: Int(local)))
        }
        var scores: [Float] = []
        for first in stride(from: 0, to: passages.count, by: Self.together) {
            let part = Array(passages[first..<min(passages.count, first + Self.together)])
            scores += likelihood.meanLogProbs(of: tokens, given: likelihood.model.sources(tokens: part))
        }
        reranker.reranking.apply(scores, to: &candidates)
        return scores.count
    }

    /// Passages in memory at a time: enough for every product to have many rows.
    private static let together = 16
}
