import Ranking
import Transformers

extension Engine {
    /// How a query's candidates are reranked.
    struct Reranker {
        var reranking: Reranking
        var generator: StoredGenerator
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
        return Reranker(reranking: .init(depth: depth, weights: weights), generator: generator)
    }

    /// Adds what the generator says to the scores of candidates, which are the best first.
    ///
    /// - Returns: how many were scored.
    func rerank(
        _ candidates: inout [Fusion.Candidate], _ query: EncodedQuery, _ reranker: Reranker
    ) throws(EngineError) -> Int {
        let best = candidates.prefix(reranker.reranking.depth).map(\.document)
        let signals = try signals(of: best, for: query, reranker.generator, reranker.reranking.weights)
        reranker.reranking.apply(signals, to: &candidates)
        return signals.count
    }

    /// What a generator says of passages, in their order; what weighs 0 is not computed.
    ///
    /// - Complexity: the encoder and the generator read all of them.
    package func signals(
        of documents: [Int32], for query: EncodedQuery, _ generator: StoredGenerator, _ weights: Reranking.Weights
    ) throws(EngineError) -> [Reranking.Signals] {
        let (model, reader) = (try generator.model(), try generator.reader())
        let tokens = queries.ngrams.known(query.ngrams.tokens)
        let likelihood = weights.likelihood == 0 ? nil : QueryLikelihood(model)
        let interaction = weights.interaction == 0 ? nil : model.interaction
        var signals: [Reranking.Signals] = []
        for first in stride(from: 0, to: documents.count, by: Self.together) {
            let passages = documents[first..<min(documents.count, first + Self.together)].map { document in
                let (segment, local) = segments.places.locate(document)
                return QueryLikelihood.passage(
                    queries.ngrams.known(segments.segments[segment].ngram.index.text(of: Int(local))), reader)
            }
            let sources = zip(passages, reader.states(tokens: passages)).map {
                GeneratorModel.Source(tokens: $0, states: $1)
            }
            let likelihoods = likelihood?.meanLogProbs(of: tokens, given: sources)
            let scores = query.source.flatMap { source in
                interaction?.scores(of: source.states, among: sources.map(\.states))
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
