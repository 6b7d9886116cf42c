import FMIndex
import Ranking
import Search
import TestSupport
import Testing

@Suite struct EvidenceScorerTests {
    /// One random corpus with keys, as the scorer and as the literal model.
    private struct Case {
        var scorer: EvidenceScorer
        var naive: NaiveEvidenceScorer
        var corpus: RandomCorpus

        init(
            seed: UInt64, beta: Float, maxHits: Int = 1500, fullScore: Int = 1500, singleKey: Float = 0,
            repeats: Float = 0, b: Float = 0
        ) throws {
            var random = SeededGenerator(seed: seed)
            corpus = try RandomCorpus(
                documents: Int.random(in: 1...25, using: &random),
                alphabet: Int32.random(in: 1...9, using: &random), seed: seed &+ 1)
            var tokens: Set<[Int32]> = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let document = Int.random(in: corpus.documents.indices, using: &random)
                let passage = Array(corpus.documents[document].dropLast())
                if Int.random(in: 0..<4, using: &random) == 0, !corpus.titles[document].isEmpty {
                    tokens.insert(
                        [RandomCorpus.documentEnd] + corpus.titles[document] + [RandomCorpus.titleEnd])
                } else if let low = passage.indices.randomElement(using: &random) {
                    let high = Int.random(in: low...min(passage.count - 1, low + 4), using: &random)
                    tokens.insert(Array(passage[low...high]))
                }
                tokens.insert(corpus.words(Int.random(in: 1...3, using: &random), &random))
            }
            // Few distinct weights, so that there are ties; some keys weigh nothing.
            let weights: [Float] = [0, 0.25, 0.5, 0.7, 1, 1.3, 2, Float.random(in: 0...3, using: &random)]
            let index = corpus.index
            let keys = tokens.sorted { $0.lexicographicallyPrecedes($1) }.map { tokens in
                Key(
                    tokens: tokens, kind: .body, logProb: -1, count: index.count(of: tokens),
                    weight: weights.randomElement(using: &random) ?? 1)
            }
            var unigrams: [Int32: Float] = [:]
            for token in 0..<(RandomCorpus.firstWord + corpus.alphabet) where Bool.random(using: &random) {
                unigrams[token] = Float.random(in: 0...0.5, using: &random)
            }
            var options = EvidenceScorer.Options()
            options.beta = beta
            options.maxHits = maxHits
            options.fullScore = fullScore
            options.singleKey = singleKey
            options.repeatShare = repeats
            options.lengthNormalization = b
            scorer = EvidenceScorer(
                index: index, keys: keys.shuffled(using: &random), unigrams: unigrams, options: options)
            naive = NaiveEvidenceScorer(
                documents: corpus.documents, documentEnd: RandomCorpus.documentEnd,
                keys: keys.map { .init(tokens: $0.tokens, weight: Double($0.weight)) },
                unigrams: unigrams.mapValues { Double($0) })
            naive.beta = Double(beta)
            naive.maxHits = maxHits
            naive.singleKey = Double(singleKey)
            naive.repeatShare = Double(repeats)
            naive.lengthNormalization = Double(b)
        }
    }

    private func isClose(_ a: Float, _ b: Double) -> Bool { abs(Double(a) - b) < 1e-4 * max(1, abs(b)) }

    /// Checks the passages found against both stages of the model.
    private func check(_ one: Case, fullScore: Int = 1500, _ comment: Comment) {
        let nominated = one.naive.firstStage()
        let found = one.scorer.search()
        #expect(found.count == min(fullScore, nominated.count), comment)
        #expect(Set(found.map(\.id)).count == found.count, comment)
        for item in found {
            #expect(isClose(item.score, one.naive.score(Int(item.id)).score), comment)
            #expect(nominated[Int(item.id)] != nil, comment)
        }
        for (a, b) in zip(found, found.dropFirst()) {
            #expect(a.score > b.score || (a.score == b.score && a.id < b.id), comment)
        }
        // No passage that was cut is clearly better, by stage 1, than one that was kept.
        let kept = Set(found.map { Int($0.id) })
        let worstKept = kept.compactMap { nominated[$0] }.min() ?? .infinity
        let bestCut = nominated.filter { !kept.contains($0.key) }.values.max() ?? -.infinity
        #expect(bestCut <= worstKept + 1e-4, comment)
    }

    @Test("Scores are those of the literal model", arguments: [0, 0.8, 1] as [Float])
    func matchesNaive(beta: Float) throws {
        for seed in 0..<200 as Range<UInt64> {
            check(try Case(seed: seed &* 31 &+ 7, beta: beta), "seed \(seed)")
        }
    }

    @Test("Frequent keys nominate nothing, and count in stage 2", arguments: [1, 3])
    func frequentKeys(maxHits: Int) throws {
        var nominatedLess = 0
        for seed in 0..<100 as Range<UInt64> {
            let one = try Case(seed: seed, beta: 0.8, maxHits: maxHits)
            check(one, "seed \(seed)")
            if one.naive.firstStage().count < (try Case(seed: seed, beta: 0.8)).naive.firstStage().count {
                nominatedLess += 1
            }
        }
        #expect(nominatedLess > 0)
    }

    @Test("Stage 1 keeps its best passages", arguments: [1, 2, 5]) func cut(fullScore: Int) throws {
        for seed in 1000..<1100 as Range<UInt64> {
            check(try Case(seed: seed, beta: 0.8, fullScore: fullScore), fullScore: fullScore, "seed \(seed)")
        }
    }

    @Test("The share of the best key alone", arguments: [0.25, 1] as [Float])
    func singleKey(share: Float) throws {
        for seed in 2000..<2060 as Range<UInt64> {
            check(try Case(seed: seed, beta: 0.8, singleKey: share), "seed \(seed)")
        }
    }

    @Test(
        "Further places of a key and a passage's length",
        arguments: [(0.1, 0), (0, 0.4), (0.25, 1)] as [(Float, Float)])
    func repeatsAndLength(repeats: Float, b: Float) throws {
        for seed in 2500..<2560 as Range<UInt64> {
            check(try Case(seed: seed, beta: 0.8, repeats: repeats, b: b), "seed \(seed)")
        }
    }

    @Test("Explanations sum to the score and stand where they say") func explanations() throws {
        for seed in 3000..<3100 as Range<UInt64> {
            let one = try Case(seed: seed, beta: 0.8)
            for item in one.scorer.search() {
                let parts = one.scorer.explain(item.id)
                let sum = parts.reduce(0.0) { $0 + Double($1.coverage) * Double($1.weight) }
                #expect(isClose(item.score, sum), "seed \(seed)")
                let framed = [RandomCorpus.documentEnd] + one.corpus.documents[Int(item.id)].dropLast()
                var explained: Set<Int> = []
                for part in parts {
                    #expect(part.key.map { one.scorer.keys[$0].tokens } ?? part.tokens == part.tokens)
                    for span in part.spans {
                        #expect(Array(framed[span.lowerBound + 1..<span.upperBound + 1]) == part.tokens)
                        #expect(explained.isDisjoint(with: span), "seed \(seed)")
                        explained.formUnion(span)
                    }
                }
                let expected = one.naive.score(Int(item.id)).contributions
                #expect(
                    Set(parts.map(\.tokens)) == Set(expected.map(\.tokens)) && parts.count == expected.count,
                    "seed \(seed)")
            }
        }
    }

    @Test("A text scores as a passage of the same tokens") func scoreOfTokens() throws {
        for seed in 4000..<4030 as Range<UInt64> {
            let one = try Case(seed: seed, beta: 0.8)
            for item in one.scorer.search() {
                let framed = [RandomCorpus.documentEnd] + one.corpus.documents[Int(item.id)].dropLast()
                #expect(one.scorer.score(tokens: framed) == item.score, "seed \(seed)")
            }
            #expect(one.scorer.score(tokens: []) == 0)
            #expect(one.scorer.score(tokens: [-1, 1 << 20]) == 0)
        }
    }

    @Test("No keys find no passages") func noKeys() throws {
        let corpus = try RandomCorpus(documents: 5, alphabet: 4, seed: 1)
        #expect(EvidenceScorer(index: corpus.index, keys: [], unigrams: [4: 1]).search().isEmpty)
        var none = FMIndexBuilder(documentEnd: 1, titleEnd: 2)
        let empty = try none.build()
        #expect(EvidenceScorer(index: empty, keys: [], unigrams: [:]).search().isEmpty)
    }
}
