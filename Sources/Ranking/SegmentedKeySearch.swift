import Decoding
import FMIndex

/// ``KeySearch`` over several segments: keys are generated, scored, counted and weighed as keys of the
/// whole corpus.
struct SegmentedKeySearch<Generator: NgramGenerator> {
    /// The score of every prefix under a view's prompt.
    typealias Scores = (CountedPrefixes, NgramView) -> [Float]

    /// One a segment.
    let searches: [KeySearch]
    /// One a segment.
    let generators: [Generator]
    let counts: CorpusCounts
    /// Nil where a generator gives a sequence the same score in every segment: then the first generates
    /// for all.
    let scores: Scores?
    let options: NgramRetriever.Options

    private var first: KeySearch { searches[0] }

    /// Keys before they are weighed, in the order in which they were made.
    func generated(_ query: NgramRetriever.Query) -> GeneratedKeys {
        let views = generators[0].views
        var keys = options.decodesBodies ? first.whole(first.rescored(bodies(), generators[0]), query) : []
        if options.addsQueryKeys { keys += queryKeys(query) }
        if options.decodesTitles, views.contains(.title) { keys += titles() }
        if options.decodesPseudoQueries, views.contains(.pseudoQuery), first.index.queryStart != nil {
            keys += pseudoQueries()
        }
        return GeneratedKeys(
            keys: first.marked(keys, query), first: first.firstStep(generators[0].model(NgramPrompt(.body)), query))
    }

    private struct Found {
        var tokens: [Int32]
        var logProb: Float
        var count: Int
        var isComplete: Bool
    }

    private func generate(_ view: NgramView) -> [Found] {
        if let scores { return generate(view, scores) }
        let parts = searches.compactMap { search in search.constraints.first { $0.view == view }?.limited(to: search.vocabulary) }
        let model = generators[0].model(NgramPrompt(view))
        return BeamSearch(first.beams(view)).run(model, SegmentedNgramConstraint(parts)).map {
            Found(
                tokens: $0.tokens, logProb: $0.logProb, count: $0.state.count, isComplete: $0.isComplete)
        }
    }

    /// Beam search in every segment, and once more over all that they met: a segment's own beam holds
    /// what is best there, not what is best in the corpus.
    private func generate(_ view: NgramView, _ scores: Scores) -> [Found] {
        let met = zip(searches, generators).flatMap {
            $0.hypotheses($1.model(NgramPrompt(view)), view)
        }
        let prefixes = CountedPrefixes(met.map(\.tokens), in: counts.indexes, from: starts(view))
        var logProbs = [Float](repeating: -.infinity, count: prefixes.parents.count)
        if !options.renormalizes {
            logProbs = scores(prefixes, view)
        } else {
            for (hypothesis, node) in zip(met, prefixes.nodes) where logProbs[Int(node)] == -.infinity {
                logProbs[Int(node)] = hypothesis.logProb
            }
        }
        let titleEnd = first.index.titleEnd
        let kept = prefixes.beamSearch(logProbs, beams: options.beams) { view != .body && $0 == titleEnd }
        return kept.map { node in
            Found(
                tokens: prefixes.sequence(node), logProb: logProbs[node], count: prefixes.counts[node],
                isComplete: view != .body && prefixes.tokens[node] == titleEnd)
        }
    }

    private func starts(_ view: NgramView) -> [FMIndex.Rows] {
        searches.map { search in
            search.constraints.first { $0.view == view }?.initialState.rows ?? search.index.all
        }
    }

    private func key(_ tokens: [Int32], _ kind: Key.Kind, _ logProb: Float, _ count: Int) -> Key {
        Key(tokens: tokens, kind: kind, rows: .init(low: 0, high: 0), logProb: logProb, count: count)
    }

    private func bodies() -> [Key] {
        generate(.body).map { key($0.tokens, .body, $0.logProb, $0.count) }
    }

    private func titles() -> [Key] {
        let kept = generate(.title).filter { $0.isComplete || options.keepsPartialTitles }
        let tokens = kept.map { [first.index.documentEnd] + $0.tokens }
        // A search that was free to start anywhere has counted what is no title's start.
        let isBound = !options.deviations.contains(.freeFirstTitleToken)
        let found = isBound ? kept.map(\.count) : counts.counts(of: tokens)
        return zip(kept, zip(tokens, found)).compactMap { item, pair in
            let (tokens, count) = pair
            guard count > 0, searches.last?.isUnreachable(item.tokens, count: count) != true else { return nil }
            return key(tokens, .title, item.logProb, count)
        }
    }

    private func pseudoQueries() -> [Key] {
        guard let queryStart = first.index.queryStart else { return [] }
        return generate(.pseudoQuery).filter(\.isComplete).map {
            key([queryStart] + $0.tokens, .pseudoQuery, $0.logProb, $0.count)
        }
    }

    /// The query's own n-grams that occur in any segment, and other forms of its words.
    private func queryKeys(_ query: NgramRetriever.Query) -> [Key] {
        let candidates = first.queryCandidates(query)
        return first.keys(candidates, of: query, Array(repeating: .init(low: 0, high: 0), count: candidates.count), score)
    }

    /// The log-probabilities of sequences inside passages.
    private func score(_ sequences: [[Int32]], minimum: Float) -> [Float] {
        if let scores {
            let prefixes = CountedPrefixes(sequences, in: counts.indexes, from: searches.map(\.index.all))
            let all = scores(prefixes, .body)
            return prefixes.nodes.map { all[Int($0)] }
        }
        let model = generators[0].model(NgramPrompt(.body))
        return model.logProbs(of: sequences, from: model.initialState, minimum: minimum)
    }
}
