import Decoding
import FMIndex
import Foundation
import Memory
import Search

/// From a query to weighed keys: generation in all views, query n-grams, scores, weights, single tokens
/// (SEAL's `retrieval.py` and `keys.py`).
///
/// Keys are generated, scored, counted and weighed as keys of the whole corpus, however many segments it has.
struct KeySearch {
    /// For each segment one a view, in the order of the views.
    private let constraints: [[NgramConstraint]]
    let options: NgramOptions
    /// What keys are weighed against: the counts of the whole corpus.
    let counts: CorpusCounts
    /// Keys are whole words; none where they may be cut.
    let borders: WordBorders
    /// The generator has scores for the tokens below it; nil where for all.
    let vocabulary: Int?
    /// Asked between the steps of beam searches.
    let cancellation: Cancellation

    init(
        constraints: [[NgramConstraint]], options: NgramOptions, counts: CorpusCounts, borders: WordBorders,
        vocabulary: Int?, cancellation: Cancellation = .never
    ) {
        self.constraints = constraints
        self.options = options
        self.counts = counts
        self.borders = borders
        self.vocabulary = vocabulary
        self.cancellation = cancellation
    }

    struct Found {
        var keys: [Key]
        var unigrams: [Int32: Float]
    }

    /// The first segment's index: marks are the same in all.
    var index: FMIndex { counts.indexes[0] }

    /// The first segment's constraint inside passages: what may be generated at all is the same in all.
    var body: NgramConstraint { constraints[0][0] }

    /// The constraint of each segment.
    func constraints(of view: NgramView) -> [NgramConstraint] {
        constraints.compactMap { $0.first { $0.view == view } }
    }

    /// Keys before they are weighed, in the order in which they were made.
    func generated(_ query: NgramQuery, from generator: some NgramGenerator) -> GeneratedKeys {
        let views = generator.views
        var keys = options.decodesBodies ? whole(rescored(bodies(generator), generator), query) : []
        if options.addsQueryKeys { keys += queryKeys(query, generator) }
        if options.decodesTitles, views.contains(.title) { keys += titles(generator) }
        if options.decodesPseudoQueries, views.contains(.pseudoQuery) { keys += pseudoQueries(generator) }
        return GeneratedKeys(
            keys: marked(keys, query), first: firstStep(generator.model(NgramPrompt(.body)), query),
            arePredicted: generator.predicts)
    }

    /// The generated keys that are whole words somewhere, with the count of those occurrences. One that
    /// ends inside a word of the query is none: the whole word is a key of its own.
    private func whole(_ keys: [Key], _ query: NgramQuery) -> [Key] {
        guard !borders.isEmpty else { return keys }
        let cut = QueryWordPrefixes(query.tokens, borders)
        let kept = keys.filter { !cut.endsInside($0.tokens) }
        let counts = borders.counts(of: kept.map(\.tokens), in: counts)
        return zip(kept, counts.whole).compactMap { key, count in
            guard count > 0 else { return nil }
            var key = key
            (key.count, key.isWhole) = (count, true)
            return key
        }
    }

    /// Generated keys that are the query's own words, or other forms of them, count as such, where those
    /// are keys.
    private func marked(_ keys: [Key], _ query: NgramQuery) -> [Key] {
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
        var keys = distinct(generated.keys)
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

    /// The first of each key; one that was generated piece by piece is as likely as the query's word that it is.
    func distinct(_ generated: [Key]) -> [Key] {
        var likeliest: [[Int32]: Float] = [:]
        for key in generated {
            let known = likeliest[key.tokens] ?? key.logProb
            likeliest[key.tokens] = borders.isEmpty ? known : max(key.logProb, known)
        }
        // The first of a key may have been generated, which does not know.
        let runs = Set(generated.filter(\.isRun).map(\.tokens))
        return generated.compactMap { key in
            guard let logProb = likeliest.removeValue(forKey: key.tokens), key.count <= mostCommon else { return nil }
            var key = key
            key.logProb = logProb
            key.isRun = runs.contains(key.tokens)
            return key
        }
    }

    private func addWordsToRuns(_ keys: inout [Key]) {
        guard keys.contains(where: \.isRun) else { return }
        let weights = Dictionary(keys.map { ($0.tokens, $0.weight) }, uniquingKeysWith: { a, _ in a })
        for place in keys.indices where keys[place].isRun {
            let words = Set(borders.words(keys[place].tokens).map(Array.init))
            // In one order, so that sums are the same.
            for word in words.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                keys[place].weight += weights[word] ?? 0
            }
        }
    }

    private var mostCommon: Int {
        options.maximumCount ?? (options.deviations.contains(.droppedFrequentKeys) ? 10_000_000 : .max)
    }

    /// Nothing of this log-probability or less, and nothing that begins with it, weighs anything.
    var minimumLogProb: Float {
        guard options.dropsWeightless == true, options.lengthPenalty <= 0 else { return -.infinity }
        return options.weighting.leastLogProb(counts.size)
    }

    /// The reference scores body keys once more, with the bare query as prompt. With one prompt for
    /// both the beam's score is the score.
    private func rescored(_ keys: [Key], _ generator: some NgramGenerator) -> [Key] {
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
    private func firstStep<Model: StepModel>(
        _ model: Model, _ query: NgramQuery
    ) -> [(token: Int32, logProb: Float)] {
        guard options.topUnigrams > 0 else { return [] }
        let cut = QueryWordPrefixes(query.tokens, borders)
        var scores = StepScores()
        model.score([model.initialState], into: &scores)
        let body = body
        var first = TopK<Int32>(capacity: options.topUnigrams)
        scores.forEachToken(ofRow: 0) { token, logProb in
            guard logProb >= first.threshold else { return }
            if counts.count(ofToken: token) > 0, body.allows(token), !cut.endsInside([token]) {
                first.offer(token, score: logProb)
            }
        }
        return first.sorted().map { ($0.id, $0.score) }
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
        var best = TopK<Int32>(capacity: limit)
        for (token, weight) in weights where weight > 0 {
            best.offer(token, score: weight)
        }
        return best.sorted().map { item in
            var key = Key(
                tokens: [item.id], kind: .unigram, logProb: logProbs[item.id] ?? 0,
                count: counts.count(ofToken: item.id), weight: item.score)
            key.isWhole = !borders.isEmpty
            return key
        }
    }
}
