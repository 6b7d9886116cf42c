import FMIndex
import Ranking
import Search
import TestSupport
import Testing

/// Keys are whole words, by random corpora in which a third of the tokens continue words.
@Suite struct WholeWordTests {
    private static let startsWord: @Sendable (Int32) -> Bool = { $0 % 3 != 0 }

    private func retriever(_ index: FMIndex) -> NgramIndex {
        NgramIndex([NgramSegment(index: index, excluded: [RandomCorpus.unknown], startsWord: Self.startsWord)])
    }

    private func retriever(_ corpus: RandomCorpus) -> NgramIndex { retriever(corpus.index) }

    private func continuations(_ corpus: RandomCorpus) -> Set<Int32> {
        Set((RandomCorpus.firstWord..<RandomCorpus.firstWord + corpus.alphabet).filter { !Self.startsWord($0) })
    }

    @Test("Evidence is the literal scorer's over whole occurrences", arguments: 0..<60 as Range<UInt64>)
    func evidence(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(
            documents: Int.random(in: 1...30, using: &random), alphabet: Int32.random(in: 3...14, using: &random),
            seed: seed &+ 7)
        let query = NgramQuery(
            words: (0..<Int.random(in: 1...5, using: &random)).map { _ in
                corpus.words(Int.random(in: 1...3, using: &random), &random)
            })
        var options = NgramOptions()
        options.topUnigrams = 0
        options.evidence.maxHits = [2, 1500].randomElement(using: &random) ?? 0
        let found = retriever(corpus).search(query, k: 1000, options: options)
        let keys = found.evidence.keys
        var naive = NaiveEvidenceScorer(
            documents: corpus.documents, documentEnd: RandomCorpus.documentEnd,
            keys: keys.map { .init(tokens: $0.tokens, weight: Double($0.weight), isWhole: $0.isWhole) }, unigrams: [:])
        naive.continuations = continuations(corpus)
        naive.maxHits = options.evidence.maxHits
        for item in found.passages {
            let score = naive.score(item.passage.place).score
            #expect(abs(Double(item.score) - score) < 2e-4 * max(1, score))
            for part in found.evidence.explain(item.passage) where part.key.map({ keys[$0].isWhole }) ?? true {
                for span in part.spans where span.lowerBound >= 0 {
                    // The text from the passage's start; what follows a span begins a word, or ends the passage.
                    let next = corpus.documents[item.passage.place][span.upperBound]
                    #expect(!naive.continuations.contains(next))
                }
            }
        }
    }

    @Test("No key ends inside a word of the query, and none is counted where a word goes on")
    func keys() throws {
        var cut = 0
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let corpus = try RandomCorpus(documents: 30, alphabet: 9, seed: seed)
            let words = (0..<3).map { _ in [4, 3].map { $0 + 3 * Int32.random(in: 0...1, using: &random) } }
            let query = NgramQuery(words: words)
            let result = retriever(corpus).search(query, k: 10)
            for key in result.evidence.keys where key.kind != .title {
                #expect(!words.contains { $0[0] == key.tokens.last })
            }
            var options = NgramOptions()
            options.deviations = .cutWords
            cut += retriever(corpus).search(query, k: 10, options: options).evidence.keys.count { key in
                words.contains { $0[0] == key.tokens.last }
            }
        }
        // Without the rule there are such keys.
        #expect(cut > 0)
    }

    /// Tokens: 3 and 6 continue words, 4, 5 and 7 begin them.
    private func index(_ bodies: [[Int32]]) throws -> FMIndex {
        var builder = FMIndexBuilder(documentEnd: RandomCorpus.documentEnd, titleEnd: RandomCorpus.titleEnd)
        for body in bodies { builder.add(title: [], body: body) }
        return try builder.build()
    }

    @Test("A word is found where it stands whole, before words that begin with it") func wholeFirst() throws {
        let index = try index([[4, 3, 6], [5, 4, 3, 5, 5, 5], [4, 6], [5, 7]])
        let retriever = retriever(index)
        let found = retriever.search(.init(words: [[4, 3]]), k: 10)
        #expect(found.passages.map(\.passage.rawValue) == [1])
        #expect(found.evidence.keys.map(\.tokens) == [[4, 3]])
        // No word is [7, 3]; [4] and [4, 3, 6] have no part in it.
        #expect(retriever.search(.init(words: [[7, 3]]), k: 10).passages.isEmpty)
    }

    @Test("A word that stands whole once is found though many others begin with it") func manyBeginnings() throws {
        let index = try index((0..<300).map { _ in [5, 4, 3] } + [[7, 4]])
        #expect(retriever(index).search(.init(words: [[4]]), k: 10).passages.first?.passage.rawValue == 300)
    }

    @Test("Where no word is the query's, those count that begin with it") func beginnings() throws {
        let index = try index([[4, 3, 6], [5, 4, 3, 3], [4, 6], [5, 7]])
        let retriever = retriever(index)
        let found = retriever.search(.init(words: [[4, 3]]), k: 10)
        #expect(Set(found.passages.map(\.passage.rawValue)) == [0, 1])
        #expect(found.evidence.keys.map(\.isWhole) == [false])
    }

    @Test("A word's probability does not depend on its number of pieces") func pieces() throws {
        let index = try index([[4, 3, 6, 3, 3, 6], [5], [7], [4, 6]])
        let retriever = retriever(index)
        let keys = retriever.search(.init(words: [[4, 3, 6, 3, 3, 6], [5]]), k: 10).evidence.keys
        let long = keys.first { $0.tokens == [4, 3, 6, 3, 3, 6] }
        let short = keys.first { $0.tokens == [5] }
        #expect(long != nil && long?.logProb == short?.logProb && long?.weight == short?.weight)
    }

    @Test("Occurrences that a token of a set follows, in both profiles", arguments: 0..<20 as Range<UInt64>)
    func followed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try RandomCorpus(documents: 20, alphabet: 8, seed: seed)
        let naive = NaiveTextIndex(documents: corpus.documents, documentEnd: RandomCorpus.documentEnd)
        var builder = FMIndexBuilder(documentEnd: RandomCorpus.documentEnd, titleEnd: RandomCorpus.titleEnd)
        for document in corpus.documents {
            let titleEnd = document.firstIndex(of: RandomCorpus.titleEnd)
            builder.add(
                title: titleEnd.map { Array(document[..<$0]) } ?? [],
                body: Array(document[(titleEnd.map { $0 + 1 } ?? 0)...].dropLast()))
        }
        let compact = try builder.build(.init(profile: .compact))
        // Shorter than the vocabulary: tokens beyond it are in no set.
        let set = (0..<9).map { _ in Bool.random(using: &random) }
        for _ in 0..<40 {
            let tokens = corpus.words(Int.random(in: 1...3, using: &random), &random)
            let expected = set.indices.filter { set[$0] }.reduce(0) { $0 + naive.count(of: tokens + [Int32($1)]) }
            for index in [corpus.index, compact] {
                #expect(index.count(of: index.rows(of: tokens), followedBy: set) == expected)
            }
        }
        #expect(compact.count(of: .init(low: 0, high: 0), followedBy: set) == 0)
    }
}
