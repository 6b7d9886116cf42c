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

    struct Found {
        var keys: [Key]
        var unigrams: [Int32: Float]
    }

    /// Keys before they are weighed, in the order in which they were made.
    func generated(_ query: NgramRetriever.Query, generator: some NgramGenerator) -> GeneratedKeys {
        let body = generator.model(NgramPrompt(.body))
        let views = generator.views
        var keys = options.decodesBodies ? rescored(generate(body, .body), generator) : []
        if options.addsQueryKeys { keys += queryKeys(query, body) }
        if options.decodesTitles, views.contains(.title) {
            keys += generate(generator.model(NgramPrompt(.title)), .title)
        }
        if options.decodesPseudoQueries, views.contains(.pseudoQuery), index.queryStart != nil {
            keys += generate(generator.model(NgramPrompt(.pseudoQuery)), .pseudoQuery)
        }
        return GeneratedKeys(keys: marked(keys, query), first: firstStep(body))
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

    /// The first of each key with its weight, and single tokens.
    func weighed(_ generated: GeneratedKeys) -> Found {
        var keys = generated.keys
        var seen: Set<[Int32]> = []
        keys = keys.filter { seen.insert($0.tokens).inserted && $0.count <= mostCommon }
        if options.lengthPenalty != 0 {
            for place in keys.indices {
                keys[place].logProb /= pow(Float(keys[place].tokens.count), options.lengthPenalty)
            }
        }
        let cutoff = options.weighting.weigh(&keys, corpus: counts.size)
        let unigrams = unigramWeights(generated.first, keys: keys, cutoff: cutoff)
        if options.addsBestUnigrams { keys += bestUnigrams(unigrams, generated.first, limit: keys.count) }
        return Found(keys: keys, unigrams: unigrams)
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
        return BeamSearch(beams(view)).run(model, constraint)
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

    /// The query's own n-grams that occur, and other forms of its words, scored by the model.
    private func queryKeys(_ query: NgramRetriever.Query, _ model: some StepModel) -> [Key] {
        let candidates = queryCandidates(query)
        let rows = index.rows(of: candidates.map(\.tokens))
        return scored(candidates, occurs: rows.map { !$0.isEmpty }) {
            model.logProbs(of: $0, from: model.initialState, minimum: minimumLogProb)
        }.map { place, logProb in
            let candidate = candidates[place]
            return Key(tokens: candidate.tokens, kind: candidate.kind, rows: rows[place], logProb: logProb)
        }
    }

    /// What of a query may be a key.
    struct QueryCandidate {
        var tokens: [Int32]
        /// The word that this is another form of; nil for the query's own n-grams.
        var word: [Int32]?

        var kind: Key.Kind { word == nil ? .query : .inflection }
    }

    /// The query's own n-grams, and other forms of its words where those count.
    func queryCandidates(_ query: NgramRetriever.Query) -> [QueryCandidate] {
        let mayPass = options.deviations.contains(.passedDocumentEnds)
        func mayBeKey(_ tokens: [Int32]) -> Bool {
            !tokens.isEmpty && (mayPass || tokens.allSatisfy { constraints[0].allows($0) })
        }
        var candidates = query.phrases(upTo: options.queryWords).filter(mayBeKey).map {
            QueryCandidate(tokens: $0)
        }
        guard options.weighting.inflectionFactor > 0 else { return candidates }
        var seen = Set(candidates.map(\.tokens))
        for (word, forms) in zip(query.words, query.forms) {
            for form in forms where mayBeKey(form) && seen.insert(form).inserted {
                candidates.append(QueryCandidate(tokens: form, word: word))
            }
        }
        return candidates
    }

    /// The candidates that occur and may weigh anything, each with its log-probability: of a form the
    /// higher one of its own and that of the word it stands for.
    ///
    /// - Parameter score: the log-probabilities of sequences.
    func scored(
        _ candidates: [QueryCandidate], occurs: [Bool], _ score: ([[Int32]]) -> [Float]
    ) -> [(place: Int, logProb: Float)] {
        let known = candidates.indices.filter { occurs[$0] }
        // A word need not occur itself.
        let words = Array(Set(known.compactMap { candidates[$0].word })).sorted { $0.lexicographicallyPrecedes($1) }
        let logProbs = score(known.map { candidates[$0].tokens } + words)
        let ofWords = Dictionary(uniqueKeysWithValues: zip(words, logProbs[known.count...]))
        return zip(known, logProbs).compactMap { place, own in
            let logProb = max(own, candidates[place].word.flatMap { ofWords[$0] } ?? own)
            return logProb > -.infinity ? (place, logProb) : nil
        }
    }

    /// The best single tokens at the first position: score falling, then token rising.
    func firstStep<Model: StepModel>(_ model: Model) -> [(token: Int32, logProb: Float)] {
        guard options.topUnigrams > 0 else { return [] }
        var scores = StepScores()
        model.score([model.initialState], into: &scores)
        var first = TopDocuments(capacity: options.topUnigrams)
        scores.forEachToken(ofRow: 0) { token, logProb in
            guard logProb >= first.threshold else { return }
            if counts.count(ofToken: token) > 0, constraints[0].allows(token) {
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
            Key(
                tokens: [item.document], kind: .unigram, rows: index.rows(of: [item.document]),
                logProb: logProbs[item.document] ?? 0, weight: item.score,
                count: counts.count(ofToken: item.document))
        }
    }
}
