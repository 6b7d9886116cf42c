import Ranking
import Search
import Storage
import TestSupport
import Testing

@Suite struct SparseIndexTests {
    private static let words = [
        "cat", "cats", "Dog", "dogs", "berry", "berries", "the", "of", "Café", "cafe", "東京都", "naïve", "x1",
        "rainbow", "river", "stone", "🍕",
    ]

    /// Compares an index with the naive formula, and its lists with the order of its own scores.
    private func compare(_ corpus: SparseCorpus, words: [String], queries: Int, seed: UInt64) throws {
        let index = try corpus.index()
        let passages = corpus.lengths.count
        #expect(index.documentCount == passages)
        var random = SeededGenerator(seed: seed)
        for number in 0..<queries {
            // Repeated, unknown and empty terms are among these.
            let query = (0..<Int.random(in: 0...6, using: &random))
                .map { _ in (words + ["zebra", "cat cat"]).randomElement(using: &random) ?? "" }
                .joined(separator: " ")
            var parameters = SparseIndex.Parameters()
            if number % 2 == 1 {
                parameters.k1 = [0.9, 0, 1.2, 50].randomElement(using: &random) ?? 1
                parameters.b = [0.4, 0, 1].randomElement(using: &random) ?? 1
            }
            let expected = corpus.naive(query, k1: Double(parameters.k1), b: Double(parameters.b))
            let prepared = index.query(query, parameters)
            let scores = (0..<Int32(passages)).map { prepared.score(of: $0) }
            let isClose = zip(scores, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 }
            #expect(isClose, "\(query)")
            #expect(scores.allSatisfy { $0 <= prepared.ceiling * 1.0001 }, "\(query)")
            let order = scores.enumerated().filter { $0.element > 0 }.sorted {
                ($0.element, $1.offset) > ($1.element, $0.offset)
            }
            for k in [1, 7, 100] {
                let found = index.search(query, k: k, parameters: parameters)
                #expect(found.map { Int($0.id) } == order.prefix(k).map(\.offset), "\(query) \(k)")
                #expect(found.map(\.score) == order.prefix(k).map(\.element), "\(query) \(k)")
            }
        }
    }

    @Test("Scores are BM25's", arguments: [0, 1, 2, 50, 127, 128, 129, 300]) func matchesNaive(passages: Int) throws {
        let corpus = SparseCorpus(passages: passages, words: Self.words, seed: UInt64(passages))
        let index = try corpus.index()
        for term in corpus.terms {
            #expect(index.documentFrequency(of: term) == corpus.frequencies.count { $0[term] != nil })
        }
        try compare(corpus, words: Self.words, queries: 40, seed: 77)
    }

    @Test("Terms in a trie, as older indexes have them, are read") func olderTerms() throws {
        let corpus = SparseCorpus(passages: 300, words: Self.words, seed: 12)
        try corpus.withFile { path in
            let new = try Container(path: path, kind: SparseIndex.fileKind)
            let terms = try StringList(new, prefix: "bm25.terms")
            let older = path + "-older"
            let writer = try ContainerWriter(path: older, kind: SparseIndex.fileKind)
            for section in new.sections where !section.name.hasPrefix("bm25.terms.") {
                try writer.write(section.name, try new.bytes(section.name))
            }
            try StringTable.write((0..<terms.count).map { terms[$0] }, to: writer, prefix: "bm25.terms")
            try writer.finish()
            let index = try SparseIndex(Container(path: older, kind: SparseIndex.fileKind))
            let expected = try SparseIndex(new)
            for query in Self.words + ["cats of the river", "zebra", "Café 🍕 東京都 naïve"] {
                let found = index.search(query, k: 10)
                #expect(found.isEmpty == ["zebra", "the", "of", "🍕"].contains(query), "\(query)")
                #expect(found == expected.search(query, k: 10), "\(query)")
            }
        }
    }

    /// Lists from one passage to most of them, over several windows of the scan.
    @Test("Windows and pruning lose nothing", arguments: [16_383, 16_384, 16_385, 50_000])
    func windows(passages: Int) throws {
        let words = (0..<3000).map { "w\($0)x" }
        let corpus = SparseCorpus(passages: passages, words: words, isSkewed: true, seed: UInt64(passages))
        let frequent = Array(words.prefix(10))
        try compare(
            corpus, words: words + frequent.flatMap { [String](repeating: $0, count: 300) }, queries: 30, seed: 5)
    }

    /// So many terms that sums in different orders differ in more than the last bits.
    @Test("A query as long as a passage") func longQuery() throws {
        let words = (0..<3000).map { "w\($0)x" }
        let corpus = SparseCorpus(passages: 34_000, words: words, isSkewed: true, seed: 12)
        let text = (0..<400).map { words[$0 * $0 % 3000] }.joined(separator: " ")
        let index = try corpus.index()
        let prepared = index.query(text)
        let order = (0..<Int32(34_000)).map { ($0, prepared.score(of: $0)) }.sorted {
            ($0.1, $1.0) > ($1.1, $0.0)
        }
        let found = prepared.best(100)
        #expect(found.map(\.id) == order.prefix(100).map(\.0))
        #expect(found.map(\.score) == order.prefix(100).map(\.1))
    }

    /// Few distinct scores, so that equal ones stand on both sides of every cut.
    @Test("Ties over windows keep the order of the corpus") func ties() throws {
        let words = ["alpha", "beta", "gamma", "delta"]
        let corpus = SparseCorpus(passages: 40_000, words: words, isSkewed: true, longest: 2, seed: 9)
        try compare(corpus, words: words, queries: 20, seed: 6)
    }

    @Test("More pairs of frequency and length than sixteen bits number") func widePairs() throws {
        var corpus = SparseCorpus()
        // Every passage has a length of its own, and a hundred frequencies.
        let steps = (1...100).map { [String](repeating: "w\($0)", count: $0).joined(separator: " ") }
            .joined(separator: " ")
        for passage in 0..<700 {
            corpus.add(title: "", text: steps + String(repeating: " pad", count: passage))
        }
        try compare(corpus, words: ["w1", "w2", "w50", "w99", "w100", "pad"], queries: 12, seed: 3)
    }

    @Test("Repeated terms count as often as they occur, unknown ones only in the bound") func repeats() throws {
        let index = try SparseCorpus(passages: 40, words: Self.words, seed: 4).index()
        func scores(_ query: String) -> (scores: [Float], bound: Float) {
            let prepared = index.query(query)
            return ((0..<40).map { prepared.score(of: $0) }, prepared.ceiling)
        }
        let once = scores("river")
        let twice = scores("river rivers")
        #expect(once.scores.contains { $0 > 0 })
        for (one, two) in zip(once.scores, twice.scores) { #expect(abs(2 * one - two) < 1e-5) }
        #expect(abs(2 * once.bound - twice.bound) < 1e-5)
        let unknown = scores("zebra river")
        #expect(unknown.scores == once.scores && unknown.bound > once.bound)
        #expect(index.search("zebra", k: 5).isEmpty && index.search("", k: 5).isEmpty)
        #expect(index.search("the of", k: 5).isEmpty && index.search("river", k: 0).isEmpty)
    }

    @Test("Frequencies beyond sixteen bits") func longPassage() throws {
        var corpus = SparseCorpus()
        corpus.add(title: "", text: String(repeating: "stone ", count: 70_000))
        corpus.add(title: "stone", text: "river")
        try compare(corpus, words: ["stone", "river"], queries: 10, seed: 1)
        #expect(abs(try corpus.index().averageLength - 35_001) < 1)
    }
}
