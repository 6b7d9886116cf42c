import Decoding
import FMIndex

/// The query's own n-grams as keys.
extension KeySearch {
    /// The query's own n-grams that occur, and other forms of its words, scored by the model.
    func queryKeys(_ query: NgramQuery, _ generator: some NgramGenerator) -> [Key] {
        keys(queryCandidates(query), of: query) { logProbs(of: $0, minimum: $1, generator) }
    }

    /// What of a query may be a key.
    private struct QueryCandidate {
        var tokens: [Int32]
        /// The word that this is another form of; nil for the query's own n-grams.
        var word: [Int32]?
        /// Whether this is one name, as likely as the word that it begins with.
        var isRun = false

        var kind: Key.Kind { word == nil ? .query : .inflection }
    }

    /// The query's own n-grams, and other forms of its words where those count.
    private func queryCandidates(_ query: NgramQuery) -> [QueryCandidate] {
        let mayPass = options.deviations.contains(.passedDocumentEnds)
        func mayBeKey(_ tokens: [Int32]) -> Bool {
            !tokens.isEmpty && (mayPass || tokens.allSatisfy { body.allows($0) })
        }
        var candidates = query.phrases(upTo: options.queryWords).filter(mayBeKey).map {
            QueryCandidate(tokens: $0)
        }
        for run in query.runs where !borders.isEmpty && mayBeKey(run) {
            if let known = candidates.firstIndex(where: { $0.tokens == run }) {
                candidates[known].isRun = true
            } else {
                candidates.append(QueryCandidate(tokens: run, isRun: true))
            }
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

    /// The log-probabilities of sequences; one that falls to the second value or below need not be told
    /// from -infinity.
    private typealias QueryScores = ([[Int32]], Float) -> [Float]

    /// The candidates that occur and may weigh anything, as keys: a form is as likely as its word, where
    /// that is more.
    ///
    /// The query's own n-grams count where they are whole words. Where the corpus has none, words that
    /// begin with them count instead, as the beginning of a part number does.
    private func keys(_ candidates: [QueryCandidate], of query: NgramQuery, _ score: QueryScores) -> [Key] {
        let occurrences = borders.counts(of: candidates.map(\.tokens), in: counts)
        let counts = zip(candidates, zip(occurrences.all, occurrences.whole)).map { candidate, counts in
            candidate.word == nil && counts.1 == 0 ? counts.0 : counts.1
        }
        let known = candidates.indices.filter { counts[$0] > 0 }
        // A word need not occur itself.
        let words = Array(Set(known.compactMap { candidates[$0].word })).sorted { $0.lexicographicallyPrecedes($1) }
        let scored = known.map { place in
            let tokens = candidates[place].tokens
            return candidates[place].isRun ? borders.words(tokens).first.map(Array.init) ?? tokens : tokens
        }
        let logProbs = logProbs(of: scored + words, query, score)
        let ofWords = Dictionary(uniqueKeysWithValues: zip(words, logProbs[known.count...]))
        var families: [[Int32]: Int] = [:]
        for place in known { families[candidates[place].word ?? candidates[place].tokens, default: 0] += counts[place] }
        return zip(known, logProbs).compactMap { place, own in
            let candidate = candidates[place]
            let logProb = max(own, candidate.word.flatMap { ofWords[$0] } ?? own)
            guard logProb > -.infinity else { return nil }
            var key = Key(tokens: candidate.tokens, kind: candidate.kind, logProb: logProb, count: counts[place])
            key.word = candidate.word
            key.isWhole = !borders.isEmpty && occurrences.whole[place] > 0
            key.isRun = candidate.isRun
            key.familyCount = families[candidate.word ?? candidate.tokens]
            return key
        }
    }

    /// The log-probabilities of the query's n-grams. Those that hold tokens which the generator has no scores
    /// for are as likely as the untrained one says.
    private func logProbs(
        of sequences: [[Int32]], _ query: NgramQuery, _ score: QueryScores
    ) -> [Float] {
        guard let vocabulary, counts.vocabularyBound > vocabulary else { return logProbsOfWords(sequences, score) }
        let isKnown = sequences.map { $0.allSatisfy { $0 < vocabulary } }
        func chosen(_ wanted: Bool) -> [[Int32]] { zip(sequences, isKnown).filter { $0.1 == wanted }.map(\.0) }
        let untrained = AnchoredNgramModel(
            constraints(of: .body), query: query.tokens, borders: borders, options: options.model, counts: counts)
        var known = logProbsOfWords(chosen(true), score)[...]
        var others = untrained.logProbs(of: chosen(false))[...]
        return isKnown.map { isKnown in
            isKnown ? known.popFirst() ?? -.infinity : others.popFirst() ?? -.infinity
        }
    }

    /// The log-probabilities of the query's n-grams: of those words' first tokens, each behind what stands
    /// before it. A word that has been begun is finished: how many pieces a tokenizer cuts it into says
    /// nothing of how likely it is.
    private func logProbsOfWords(_ sequences: [[Int32]], _ score: QueryScores) -> [Float] {
        guard !borders.isEmpty else { return score(sequences, minimumLogProb) }
        let starts = sequences.map { tokens in
            tokens.indices.filter { $0 == 0 || !borders.isContinuation(tokens[$0]) }
        }
        // Each sequence up to each of its words, without and with the word's first token.
        let prefixes = zip(sequences, starts).flatMap { tokens, starts in
            starts.flatMap { [Array(tokens[..<$0]), Array(tokens[...$0])] }
        }
        let logProbs = score(prefixes, -.infinity)
        var next = 0
        return starts.map { starts in
            var sum: Float = 0
            for _ in starts {
                let (before, after) = (logProbs[next], logProbs[next + 1])
                sum += before > -.infinity ? after - before : -.infinity
                next += 2
            }
            return sum
        }
    }
}
