import Decoding
import Ranking
import TestSupport
import Testing

@Suite struct NgramIndexTests {
    private static let startsWord: @Sendable (Int32) -> Bool = { $0 % 3 != 0 }

    private func retriever(_ corpus: RandomCorpus) -> NgramIndex {
        NgramIndex([NgramSegment(index: corpus.index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)])
    }

    /// Words of one to three tokens, some unknown and some that the corpus lacks.
    private func query(_ corpus: RandomCorpus, _ random: inout SeededGenerator) -> NgramQuery {
        NgramQuery(
            words: (0..<Int.random(in: 1...7, using: &random)).map { _ in
                switch Int.random(in: 0..<10, using: &random) {
                case 0: [RandomCorpus.unknown]
                case 1: [900]
                default: corpus.words(Int.random(in: 1...3, using: &random), &random)
                }
            })
    }

    @Test("Every key occurs, stays in one passage and has the model's score", arguments: 0..<60 as Range<UInt64>)
    func keys(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(
            documents: Int.random(in: 1...40, using: &random),
            alphabet: Int32.random(in: 2...20, using: &random), seed: seed &+ 99)
        let retriever = retriever(corpus)
        let query = query(corpus, &random)
        let result = retriever.search(query, k: 10)
        #expect(result.invalidKeys == 0)
        #expect(result.evidence.keys.count <= result.keyCount)
        #expect(result.passages == Array(result.evidence.search().prefix(10)))

        func model(_ view: NgramView) -> AnchoredNgramModel {
            AnchoredNgramModel(
                constraint: NgramConstraint(
                    index: corpus.index, excluded: [RandomCorpus.unknown], view: view),
                query: query.tokens, startsWord: Self.startsWord)
        }
        let (body, title) = (model(.body), model(.title))
        let naive = NaiveTextIndex(documents: corpus.documents, documentEnd: RandomCorpus.documentEnd)
        #expect(Set(result.evidence.keys.map(\.tokens)).count == result.evidence.keys.count)
        for key in result.evidence.keys {
            #expect(key.weight > 0 && key.count > 0)
            let all = naive.count(of: key.tokens)
            let continued = (RandomCorpus.firstWord..<RandomCorpus.firstWord + corpus.alphabet)
                .filter { !Self.startsWord($0) }.reduce(0) { $0 + naive.count(of: key.tokens + [$1]) }
            switch key.kind {
            case .title, .unigram: #expect(all == key.count)
            // Where no word ends with it, words count that begin with it.
            case .query: #expect(key.count == (all > continued ? all - continued : all))
            default: #expect(key.count == all - continued)
            }
            #expect(!key.tokens.contains(RandomCorpus.unknown))
            #expect(!key.tokens.dropFirst().contains(RandomCorpus.documentEnd))
            if key.kind == .title {
                let inside = Array(key.tokens.dropFirst())
                #expect(key.tokens.first == RandomCorpus.documentEnd)
                #expect(inside.firstIndex(of: RandomCorpus.titleEnd) == inside.count - 1)
                #expect(corpus.documents.count { $0.starts(with: inside) } == key.count)
                #expect(title.logProbs(of: [inside]) == [key.logProb])
            } else {
                #expect(key.tokens.allSatisfy { $0 >= RandomCorpus.firstWord })
                #expect(key.tokens.first.map(Self.startsWord) == true)
                let own = body.logProbs(of: [key.tokens])[0]
                #expect(key.kind == .query ? key.logProb >= own : key.logProb == own)
            }
        }
    }

    @Test("All kinds of keys are made") func kinds() throws {
        var kinds: Set<Key.Kind> = []
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let corpus = try RandomCorpus(documents: 30, alphabet: 12, seed: seed)
            var options = NgramOptions()
            // Short beams leave n-grams and single tokens to the query itself.
            options.beams = 1
            options.keyLength = 2
            options.queryWords = seed % 2 == 0 ? 3 : 1
            options.addsQueryKeys = seed % 4 != 3
            let result = retriever(corpus).search(query(corpus, &random), k: 5, options: options)
            kinds.formUnion(result.evidence.keys.map(\.kind))
        }
        #expect(kinds == [.body, .title, .query, .unigram])
    }

    @Test("What is switched off is not made") func options() throws {
        var random = SeededGenerator(seed: 5)
        let corpus = try RandomCorpus(documents: 30, alphabet: 10, seed: 5)
        let retriever = retriever(corpus)
        for _ in 0..<20 {
            let query = query(corpus, &random)
            var options = NgramOptions()
            options.decodesTitles = false
            options.addsQueryKeys = false
            options.topUnigrams = 0
            let result = retriever.search(query, k: 5, options: options)
            #expect(result.evidence.keys.allSatisfy { $0.kind == .body })
            options.keyLength = 3
            #expect(retriever.search(query, k: 5, options: options).evidence.keys.allSatisfy { $0.tokens.count <= 3 })
        }
    }

    @Test(
        "A query without known tokens finds nothing",
        arguments: [
            [], [[0]], [[0], [0, 0]], [[900], [0]], [[-5], [Int32.max]],
        ] as [[[Int32]]])
    func unknownQueries(words: [[Int32]]) throws {
        let corpus = try RandomCorpus(documents: 10, alphabet: 5, seed: 8)
        let result = retriever(corpus).search(.init(words: words), k: 10)
        #expect(result.passages.isEmpty)
        #expect(result.keyCount == 0 && result.invalidKeys == 0)
        #expect(result.evidence.keys.isEmpty)
        #expect(result.ceiling == 0)
    }

    @Test("A corpus without passages answers") func emptyCorpus() throws {
        let corpus = try RandomCorpus(documents: 0, alphabet: 3, seed: 1)
        #expect(retriever(corpus).search(.init(words: [[3], [4]]), k: 3).passages.isEmpty)
    }

    @Test("The same query gives the same answer") func determinism() throws {
        var random = SeededGenerator(seed: 6)
        let corpus = try RandomCorpus(documents: 40, alphabet: 15, seed: 6)
        for _ in 0..<10 {
            let query = query(corpus, &random)
            let one = retriever(corpus).search(query, k: 40)
            let two = retriever(corpus).search(query, k: 40)
            #expect(one.passages == two.passages && one.ceiling == two.ceiling)
            #expect(one.evidence.keys.map(\.tokens) == two.evidence.keys.map(\.tokens))
            #expect(one.evidence.keys.map(\.weight) == two.evidence.keys.map(\.weight))
        }
    }
}
