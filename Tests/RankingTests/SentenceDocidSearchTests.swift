import Docids
import Foundation
import Memory
import Ranking
import Search
import Storage
import TestSupport
import Testing

/// Docids of sentences with a look-ahead, beside a look at every sentence.
@Suite struct SentenceDocidSearchTests {
    private static let words = (0..<40).map { "w\($0)x" }

    private struct Setup {
        let sentences: SentenceCodes
        let terms: SparseQuery
        let query: [Float]

        /// - Parameter passages: every one has 1 to 4 sentences.
        init(passages: Int, seed: UInt64) throws {
            let d = 32
            var random = SeededGenerator(seed: seed)
            var owners: [Int32] = []
            for passage in 0..<Int32(passages) {
                owners += repeatElement(passage, count: Int.random(in: 1...4, using: &random))
            }
            let vectors = RandomVectors.make(owners.count, dimension: d, seed: seed, repeats: 7)
            var builder = LeafCodesBuilder(fanout: 4, leafSize: 9, seed: seed)
            builder.hasSigns = false
            builder.width = .nibble
            sentences = SentenceCodes(
                codes: builder.build(vectors: vectors, dimension: d),
                owners: try #require(EntryPassages(FrozenArray(owners), passageCount: passages)))
            let corpus = try SparseCorpus(passages: passages, words: words, isSkewed: true, seed: seed).index()
            let text = "w0x w3x w20x"
            terms = SparseQuery(
                SparseTerms(text, in: [corpus], without: []), segment: 0, of: corpus, parameters: .init())
            query = RandomVectors.one(d, &random)
        }

        func asked(_ weight: Float) -> SentenceDocidSearch.Query { .init(vector: query, terms: (terms, weight)) }

        /// Every passage's score, as the formula says.
        func naive(_ weight: Float, passing: (Int32) -> Bool = { _ in true }) -> [Scored<Int32>] {
            let coded = sentences.codes.query(query)
            var best: [Int32: Float] = [:]
            for sentence in 0..<Int32(sentences.owners.count) {
                let passage = sentences.owners[sentence]
                let own = sentences.codes.rows.product(coded, sentences.codes.place(of: sentence))
                let score = (1 - weight) * own + weight * terms.score(of: passage) / terms.ceiling
                best[passage] = max(best[passage] ?? -.infinity, score)
            }
            return best.filter { passing($0.key) }.map { Scored($0.key, score: $0.value) }
                .sorted { ($0.score, $1.id) > ($1.score, $0.id) }
        }
    }

    private func expectAlike(_ found: [Scored<Int32>], _ wanted: some Collection<Scored<Int32>>) {
        #expect(found.count == wanted.count)
        for (one, other) in zip(found, wanted) { #expect(abs(one.score - other.score) < 1e-5) }
        // Scores that rounding cannot tell apart may change places.
        #expect(Set(found.map(\.id)).symmetricDifference(wanted.map(\.id)).count <= 2)
    }

    @Test("A beam that sees everything finds what a look at every sentence finds", arguments: [1, 9, 40, 700])
    func exact(passages: Int) throws {
        let setup = try Setup(passages: passages, seed: UInt64(passages))
        let search = SentenceDocidSearch(setup.sentences)
        for weight in [0, 0.3, 1] as [Float] {
            for k in [1, 10, passages] {
                let found = search.search(setup.asked(weight), k: k, beams: 10_000)
                expectAlike(found.passages, setup.naive(weight).prefix(k))
                #expect(found.invalidDocids == 0)
            }
        }
        #expect(search.search(setup.asked(0.3), k: 0, beams: 10).passages.isEmpty)
    }

    @Test("Only what passes is found, and all of it") func filtered() throws {
        let setup = try Setup(passages: 500, seed: 4)
        let search = SentenceDocidSearch(setup.sentences)
        let passing = PlaceSet(capacity: 500) { $0 % 7 == 3 }
        var query = setup.asked(0.4)
        query.passages = passing
        query.passing = search.docids(of: passing)
        let found = search.search(query, k: 100, beams: 10_000)
        expectAlike(found.passages, setup.naive(0.4) { passing.contains(Int($0)) })
    }

    @Test("What is found has the scores that any passage has; a look-ahead leads to what words find") func scores()
        throws
    {
        let setup = try Setup(passages: 900, seed: 5)
        let search = SentenceDocidSearch(setup.sentences)
        for weight in [0, 0.5, 0.9] as [Float] {
            let scores = search.scores(setup.asked(weight))
            for item in search.search(setup.asked(weight), k: 20, beams: 2).passages {
                #expect(scores(item.id) == item.score)
            }
            for item in setup.naive(weight).prefix(30) { #expect(abs(scores(item.id) - item.score) < 1e-5) }
        }
        // Two prefixes of each length see few sentences; what BM25 finds best is among them.
        let first = try #require(setup.terms.best(1).first)
        #expect(search.search(setup.asked(1), k: 20, beams: 2).passages.contains { $0.id == first.id })
    }

    @Test("A path leads to the passage's best sentence, and its steps are shares of 1") func paths() throws {
        let setup = try Setup(passages: 300, seed: 6)
        let search = SentenceDocidSearch(setup.sentences)
        let best = try #require(setup.naive(0.3).first)
        let (sentence, steps) = search.paths(setup.asked(0.3), inverseTemperature: 20)(best.id)
        let entry = setup.sentences.owners.entries(of: best.id).lowerBound + sentence
        #expect(setup.sentences.codes.document(of: steps.map(\.token)) == Int32(entry))
        #expect(steps.allSatisfy { $0.logProb <= 0 && $0.logProb.isFinite })
        let coded = setup.sentences.codes.query(setup.query)
        let own = setup.sentences.owners.entries(of: best.id).map {
            setup.sentences.codes.rows.product(coded, setup.sentences.codes.place(of: Int32($0)))
        }
        #expect(own.max() == own[sentence])
    }

    @Test("A file gives the sentences back; every damage is told") func file() throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(passages: 60, seed: 7)
        let path = folder.path("sentences.gnr")
        try setup.sentences.write(to: ContainerWriter(path: path, kind: SentenceCodes.fileKind))
        let good = try Container(path: path, kind: SentenceCodes.fileKind)
        let read = SentenceDocidSearch(try SentenceCodes(good))
        #expect(
            read.search(setup.asked(0.3), k: 60, beams: 9).passages
                == SentenceDocidSearch(setup.sentences).search(setup.asked(0.3), k: 60, beams: 9).passages)
        func isTold(_ section: String, _ change: (inout [UInt8]) -> Void) throws {
            let copy = try ChangedContainer.write(
                good, kind: SentenceCodes.fileKind, to: folder.path("copy.gnr"), changing: section, change)
            #expect(throws: (any Error).self, "\(section)") { _ = try SentenceCodes(copy) }
        }
        for section in good.sections.map(\.name) {
            try isTold(section) { $0.removeAll() }
            try isTold(section) { $0.removeLast(4) }
        }
        try isTold("sentences.passages") { $0[0] = 1 }
        try isTold("sentences.passages") { $0[$0.count - 1] = 0x80 }
        try isTold("sentences.passages") { $0[$0.count - 4] &+= 2 }
    }
}
