import Ranking
import Transformers

extension Engine {
    /// How a query's candidates are reranked.
    struct Reranker {
        var reranking: Reranking
        var model: GeneratorModel
    }

    /// The reranker that a query asks for, or else that of the index, which is for weighted merges; nil
    /// without one.
    func reranker(for options: SearchOptions, merges: Bool) throws(EngineError) -> Reranker? {
        let own = manifest.generator?.rerank
        let isUsual = merges && options.fusionMethod == .weighted && options.ngramGenerator != .anchored
        guard let depth = options.rerank ?? (isUsual ? own?.depth : nil), depth > 0 else { return nil }
        guard let generator else {
            guard options.rerank != nil else { return nil }
            throw .cannotRerank(
                reason: manifest.generator == nil
                    ? "the index has no trained generator; \"genret generator set\" puts one into it"
                    : encoderProblem ?? "the encoder was not loaded")
        }
        let model = try generator.model()
        guard model.interaction != nil || QueryLikelihood(model) != nil else {
            guard options.rerank != nil else { return nil }
            throw .cannotRerank(reason: "the index's generator was neither trained to write questions nor to compare")
        }
        let weights = options.rerankWeights ?? own?.weights ?? .usual
        return Reranker(reranking: .init(depth: depth, weights: weights), model: model)
    }

    /// Adds what the generator says to the scores of candidates, which are the best first.
    ///
    /// - Returns: how many were scored.
    func rerank(
        _ candidates: inout [Fusion.Candidate], _ query: EncodedQuery, _ reranker: Reranker
    ) -> Int {
        let best = candidates.prefix(reranker.reranking.depth).map(\.document)
        let signals = signals(of: best, for: query, reranker.model)
        reranker.reranking.apply(signals, to: &candidates)
        return signals.count
    }

    /// What a generator says of passages, in their order.
    ///
    /// - Complexity: the encoder and the generator read all of them.
    package func signals(
        of documents: [Int32], for query: EncodedQuery, _ model: GeneratorModel
    ) -> [Reranking.Signals] {
        let tokens = query.ngrams.words.flatMap { $0 }
        let likelihood = QueryLikelihood(model)
        var signals: [Reranking.Signals] = []
        for first in stride(from: 0, to: documents.count, by: Self.together) {
            let passages = documents[first..<min(documents.count, first + Self.together)].map { document in
                let (segment, local) = segments.places.locate(document)
                return QueryLikelihood.passage(
                    segments.segments[segment].ngram.index.text(of: Int(local)), model.encoder)
            }
            let sources = model.sources(tokens: passages)
            let likelihoods = likelihood?.meanLogProbs(of: tokens, given: sources)
            let scores = query.source.flatMap { source in
                model.interaction?.scores(of: source.states, among: sources.map(\.states))
            }
            for place in sources.indices {
                signals.append(.init(logLikelihood: likelihoods?[place], interaction: scores?[place]))
            }
        }
        return signals
    }

    /// Passages in memory at a time: enough for every product to have many rows.
    private static let together = 16
}
