import Corpora
import Foundation
import Memory
import Studies
import Testing

/// A corpus of made-up passages with some that are judged.
struct SmallCorpus {
    let folder: String
    let input: StudyInput
    static let passages = 300

    init(order: (Int) -> Int = { $0 }, limit: Int? = nil) throws {
        folder = NSTemporaryDirectory() + "sample-\(UUID().uuidString)"
        var writer = try CorpusWriter(path: folder + "/corpus.jsonl")
        for place in 0..<Self.passages {
            let number = order(place)
            try writer.write(
                Passage(id: "p\(number)", title: "t\(number)", text: "word\(number) and word\(number % 7)"))
        }
        try writer.finish()
        var qrels = Qrels()
        let queries = (0..<20).map { Query(id: "q\($0)", text: "word\($0 * 3)") }
        for number in 0..<20 {
            qrels.set(1, query: "q\(number)", passage: "p\(number * 3)")
            qrels.set(0, query: "q\(number)", passage: "p\(number * 3 + 1)")
        }
        // A query whose passage the corpus lacks, and one that nothing is relevant to.
        qrels.set(1, query: "lost", passage: "elsewhere")
        input = try StudyInput(
            corpus: folder + "/corpus.jsonl",
            queries: queries + [Query(id: "lost", text: "a"), Query(id: "none", text: "b")], qrels: qrels, limit: limit)
    }

    func census(seeds: [UInt64] = [1]) throws -> CorpusCensus {
        try CorpusCensus(input, seeds: seeds, WorkClock(.silent))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite struct SampleTests {
    private func members(_ sample: StudySample) -> Set<String> {
        Set((0..<SmallCorpus.passages).map { "p\($0)" }.filter(sample.contains))
    }

    @Test func countsTheCorpus() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        #expect(census.passages == 300 && census.judged.count == 40)
        #expect(corpus.input.unjudged == 1 && census.unanswerable == 1 && census.input.queries.count == 20)
    }

    @Test func samplesAreNestedAndHaveAllJudgedPassages() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census(seeds: [1, 2])
        for seed: UInt64 in [1, 2] {
            var smaller = Set(census.judged.map(\.string))
            for size in [40, 41, 100, 299, 300] {
                let sample = members(StudySample(size: size, seed: seed, of: census))
                #expect(sample.count == size && sample.isSuperset(of: smaller))
                smaller = sample
            }
        }
        let (one, other) = (StudySample(size: 100, seed: 1, of: census), StudySample(size: 100, seed: 2, of: census))
        #expect(members(one) != members(other))
    }

    @Test func theOrderOfTheCorpusDoesNotMatter() throws {
        let (corpus, shuffled) = (try SmallCorpus(), try SmallCorpus { $0 * 7 % SmallCorpus.passages })
        defer {
            corpus.remove()
            shuffled.remove()
        }
        let (one, other) = (try corpus.census(), try shuffled.census())
        #expect(one.sha256 != other.sha256 && one.input.digest == other.input.digest)
        for size in [50, 120] {
            let (first, second) = (
                members(StudySample(size: size, seed: 1, of: one)), members(StudySample(size: size, seed: 1, of: other))
            )
            #expect(first == second)
        }
    }

    @Test func ranksAreTheDocumentedHash() {
        // The first 16 bytes of sha256(01 00 00 00 00 00 00 00 61).
        let rank = SampleRank(seed: 1, id: "a")
        #expect(rank.high == 0xae61_21c8_8ba5_55f6)
        #expect(SampleRank(seed: 2, id: "a") != rank && SampleRank(seed: 1, id: "b") != rank)
    }

    @Test func writtenSamplesAreOfTheirSize() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        let path = corpus.folder + "/sample.jsonl"
        try StudySample(size: 77, seed: 1, of: census).write(of: corpus.input.corpus, to: path, WorkClock(.silent))
        var reader = try CorpusReader(path: path)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 77)
    }

    @Test func changedCorporaAreSeen() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        var writer = try CorpusWriter(path: corpus.input.corpus)
        try writer.write(Passage(id: "p0", text: "alone"))
        try writer.finish()
        #expect(throws: StudyError.corpusChanged(path: corpus.input.corpus, expected: 77, found: 1)) {
            try StudySample(size: 77, seed: 1, of: census)
                .write(of: corpus.input.corpus, to: corpus.folder + "/sample.jsonl", WorkClock(.silent))
        }
    }

    @Test func limitsTakeTheSameQueriesWhateverTheirOrder() throws {
        let corpus = try SmallCorpus(limit: 5)
        defer { corpus.remove() }
        #expect(corpus.input.queries.count == 5)
        let again = try StudyInput(
            corpus: corpus.input.corpus, queries: corpus.input.queries.reversed(), qrels: corpus.input.qrels, limit: 3)
        let once = try StudyInput(
            corpus: corpus.input.corpus, queries: corpus.input.queries, qrels: corpus.input.qrels, limit: 3)
        #expect(Set(again.queries) == Set(once.queries) && again.digest == once.digest)
    }

    @Test(arguments: [("random", true), ("pooled:5", true), ("pooled:0", false), ("pooled", false), ("", false)])
    func distractorsAreRead(text: String, isKnown: Bool) {
        #expect((StudySample.Distractors(text)?.description == text) == isKnown)
    }
}
