import Decoding
import FMIndex
import Foundation

/// From a query to weighed keys: generation in all views, query n-grams, scores, weights, single tokens
/// (SEAL's `retrieval.py` and `keys.py`).
struct KeySearch {
    let index: FMIndex
    /// One a view, in the order of the views.
    let constraints: [NgramConstraint]
    let options: NgramRetriever.Options
    /// What keys are weighed against: the counts of the whole corpus.
    let counts: CorpusCounts
    /// Keys are whole words; none where they may be cut.
    let borders: WordBorders
    /// The generator has scores for the tokens below it; nil where for all.
    var vocabulary: Int?

    struct Found {
        var keys: [Key]
        var unigrams: [Int32: Float]
    }

    /// Keys before they are weighed, in the order in which they were made.
    func generated(_ query: NgramRetriever.Query, generator: some NgramGenerator) -> GeneratedKeys {
        let body = generator.model(NgramPrompt(.body))
        let views = generator.views
        var keys = options.decodesBodies ? whole(rescored(generate(body, .body), generator), query) : []
        if options.addsQueryKeys { keys += queryKeys(query, body) }
        if options.decodesTitles, views.contains(.title) {
            keys += generate(generator.model(NgramPrompt(.title)), .title)
        }
        if options.decodesPseudoQueries, views.contains(.pseudoQuery), index.queryStart != nil {
            keys += generate(generator.model(NgramPrompt(.pseudoQuery)), .pseudoQuery)
        }
        return GeneratedKeys(keys: marked(keys, query), first: firstStep(body, query))
    }

    /// The generated keys that are whole words somewhere, with the count of those occurrences. One that
    /// ends inside a word of the query is none: the whole word is a key of its own.
    func whole(_ keys: [Key], _ query: NgramRetriever.Query) -> [Key] {
        guard !borders.isEmpty else { return keys }
        let cut = QueryWordPrefixes(query.tokens, borders)
        let kept = keys.filter { !cut.endsInside($0.tokens) }
        let counts = borders.counts(of: kept.map(\.tokens), in: counts.indexes)
        return zip(kept, counts.whole).compactMap { key, count in
            guard count > 0 else { return nil }
            var key = key
            (key.count, key.isWhole) = (count, true)
            return key
        }
    }

    /// Generated keys that are the query's own words, or other forms of them, count as such, where those
    /// are keys.
    func marked(_ keys: [Key], _ query: NgramRetriever.Query) -> [Key] {
        guard options.addsQueryKeys else { return keys }
        let words = query.tokens
        let forms = Set(keys.filter { $0.kind == .inflection }.map(\.tokens))
        var keys = keys.filter { $0.kind != .body || !forms.contains($0.tokens) }
        for place in keys.indices where keys[place].kind == .body {
            let tokens = keys[place].tokens
            let starts = words.indices.dropLast(max(0, tokens.count - 1))
            if starts.contains(where: { words[$0...].starts(with: tokens) }) { keys[place].kind = .query }
        }
        return keys
    }

    /// The first of each key with its weight, and single tokens. A key that was generated piece by piece
    /// is as likely as the query's word that it is.
    func weighed(_ generated: GeneratedKeys) -> Found {
        var likeliest: [[Int32]: Float] = [:]
        for key in generated.keys {
            let known = likeliest[key.tokens] ?? key.logProb
            likeliest[key.tokens] = borders.isEmpty ? known : max(key.logProb, known)
        }
        // The first of a key may have been generated, which does not know.
        let runs = Set(generated.keys.filter(\.isRun).map(\.tokens))
        var keys: [Key] = []
        for var key in generated.keys {
            guard let logProb = likeliest.removeValue(forKey: key.tokens), key.count <= mostCommon else { continue }
            key.logProb = logProb
            key.isRun = runs.contains(key.tokens)
            keys.append(key)
        }
        if options.lengthPenalty != 0 {
            for place in keys.indices {
                keys[place].logProb /= pow(Float(keys[place].tokens.count), options.lengthPenalty)
            }
        }
        let cutoff = options.weighting.weigh(&keys, corpus: counts.size)
        addWordsToRuns(&keys)
        let unigrams = unigramWeights(generated.first, keys: keys, cutoff: cutoff)
        if options.addsBestUnigrams { keys += bestUnigrams(unigrams, generated.first, limit: keys.count) }
        return Found(keys: keys, unigrams: unigrams)
    }

    private func addWordsToRuns(_ keys: inout [Key]) {
        guard keys.contains(where: \.isRun) else { return }
        let weights = Dictionary(keys.map { ($0.tokens, $0.weight) }, uniquingKeysWith: { a, _ in a })
        for place in keys.indices where keys[place].isRun {
            let words = Set(borders.words(keys[place].tokens).map(Array.init))
            // In one order, so that sums are the same.
            for word in words.sorted(by: { $0.lexicographicallyPrecedes($1) }) { keys[place].weight += weights[word] ?? 0 }
        }
    }

    private var mostCommon: Int {
        options.maximumCount ?? (options.deviations.contains(.droppedFrequentKeys) ? 10_000_000 : .max)
    }

    /// Beam search in one view; every hypothesis of the body search is a key, of the others the whole
    /// ones.
    private func generate(_ model: some StepModel, _ view: NgramView) -> [Key] {
        let found = hypotheses(model, view)
        switch view {
        case .body:
            return found.map {
                Key(tokens: $0.tokens, kind: .body, rows: $0.state.rows, logProb: $0.logProb)
            }
        case .title:
            let kept = found.filter { $0.isComplete || options.keepsPartialTitles }
            let tokens = kept.map { [index.documentEnd] + $0.tokens }
            // A search that was free to start anywhere has met what is no title; its rows tell.
            let isBound = !options.deviations.contains(.freeFirstTitleToken)
            let rows = isBound ? kept.map(\.state.rows) : index.rows(of: tokens)
            return zip(kept, zip(tokens, rows)).compactMap { hypothesis, key in
                guard !key.1.isEmpty, !isUnreachable(hypothesis.tokens, count: key.1.count) else { return nil }
                return Key(tokens: key.0, kind: .title, rows: key.1, logProb: hypothesis.logProb)
            }
        case .pseudoQuery:
            guard let queryStart = index.queryStart else { return [] }
            return found.filter(\.isComplete).map {
                Key(
                    tokens: [queryStart] + $0.tokens, kind: .pseudoQuery, rows: $0.state.rows,
                    logProb: $0.logProb)
            }
        }
    }

    /// Every prefix that beam search meets in one view.
    func hypotheses(_ model: some StepModel, _ view: NgramView) -> [Hypothesis<NgramConstraint.State>] {
        guard let constraint = constraints.first(where: { $0.view == view }) else { return [] }
        return BeamSearch(beams(view)).run(model, constraint.limited(to: vocabulary))
    }

    func beams(_ view: NgramView) -> BeamSearch.Options {
        var beams = BeamSearch.Options(
            beams: options.beams,
            maximumLength: view == .body ? options.keyLength : options.titleLength)
        beams.renormalizes = options.renormalizes
        beams.minimumLogProb = minimumLogProb
        return beams
    }

    /// Nothing of this log-probability or less, and nothing that begins with it, weighs anything.
    var minimumLogProb: Float {
        guard options.dropsWeightless == true, options.lengthPenalty <= 0 else { return -.infinity }
        return options.weighting.leastLogProb(counts.size)
    }

    /// Whether the reference could not have met a title: it is the last passage's alone.
    func isUnreachable(_ title: [Int32], count: Int) -> Bool {
        options.deviations.contains(.unreachableLastTitle) && count == 1
            && index.extract(index.documentCount - 1).starts(with: title)
    }

    /// The reference scores body keys once more, with the bare query as prompt. With one prompt for
    /// both the beam's score is the score.
    func rescored(_ keys: [Key], _ generator: some NgramGenerator) -> [Key] {
        guard options.rescores, options.deviations.contains(.bareRescoring), generator.readsMarks else {
            return keys
        }
        let bare = generator.model(NgramPrompt(.body, isMarked: false))
        var result = keys
        for (place, logProb) in bare.logProbs(of: keys.map(\.tokens)).enumerated() {
            result[place].logProb = logProb
        }
        return result.filter { $0.logProb > -.infinity }
    }

    /// The best single tokens at the first position: score falling, then token rising. One that only
    /// begins a word of the query is none.
    func firstStep<Model: StepModel>(
        _ model: Model, _ query: NgramRetriever.Query
    ) -> [(token: Int32, logProb: Float)] {
        guard options.topUnigrams > 0 else { return [] }
        let cut = QueryWordPrefixes(query.tokens, borders)
        var scores = StepScores()
        model.score([model.initialState], into: &scores)
        var first = TopDocuments(capacity: options.topUnigrams)
        scores.forEachToken(ofRow: 0) { token, logProb in
            guard logProb >= first.threshold else { return }
            if counts.count(ofToken: token) > 0, constraints[0].allows(token), !cut.endsInside([token]) {
                first.offer(ScoredDocument(document: token, score: logProb))
            }
        }
        return first.sorted().map { ($0.document, $0.score) }
    }

    /// Weights of single tokens; those that are keys already count nothing.
    private func unigramWeights(
        _ first: [(token: Int32, logProb: Float)], keys: [Key], cutoff: Float
    ) -> [Int32: Float] {
        let single = Set(keys.filter { $0.tokens.count == 1 }.compactMap(\.tokens.first))
        var weights: [Int32: Float] = [:]
        for item in first where !single.contains(item.token) {
            weights[item.token] = options.weighting.unigramWeight(
                logProb: item.logProb, count: counts.count(ofToken: item.token),
                corpus: counts.size, cutoff: cutoff)
        }
        return weights
    }

    private func bestUnigrams(
        _ weights: [Int32: Float], _ first: [(token: Int32, logProb: Float)], limit: Int
    ) -> [Key] {
        let logProbs = Dictionary(first.map { ($0.token, $0.logProb) }, uniquingKeysWith: { a, _ in a })
        var best = TopDocuments(capacity: limit)
        for (token, weight) in weights where weight > 0 {
            best.offer(ScoredDocument(document: token, score: weight))
        }
        return best.sorted().map { item in
            var key = Key(
                tokens: [item.document], kind: .unigram, rows: index.rows(of: [item.document]),
                logProb: logProbs[item.document] ?? 0, weight: item.score,
                count: counts.count(ofToken: item.document))
            key.isWhole = !borders.isEmpty
            return key
        }
    }
}
