import FMIndex
import Memory
import Ranking
import Search
import TestSupport
import Testing

/// n-grams over BM25 of the query's terms.
@Suite("Evidence over a floor") struct TermFloorTests {
    private static let documentEnd: Int32 = 1
    private static let titleEnd: Int32 = 2
    private static let firstWord: Int32 = 3
    /// Function words among them, whose keys say nothing.
    private static let words = ["the", "of"] + (0..<14).map { "word\($0)x" }

    private static func token(_ word: String) -> Int32 { firstWord + Int32(words.firstIndex(of: word) ?? 0) }

    /// The same passages as tokens and as terms, cut into segments.
    private struct Corpus {
        let passages: [[String]]
        let ngrams: NgramIndex
        let sparse: [SparseIndex]
        let places: SegmentPlaces

        init(_ passages: [[String]], segments: Int) throws {
            var (built, sparse, counts): ([NgramSegment], [SparseIndex], [Int]) = ([], [], [])
            for segment in 0..<segments {
                let own = passages[passages.count * segment / segments..<passages.count * (segment + 1) / segments]
                var builder = FMIndexBuilder(documentEnd: documentEnd, titleEnd: titleEnd)
                var terms = SparseCorpus()
                for words in own {
                    builder.add(title: [], body: words.map(token))
                    terms.add(title: "", text: words.joined(separator: " "))
                }
                built.append(NgramSegment(index: try builder.build(), excluded: []) { _ in true })
                sparse.append(try terms.index())
                counts.append(own.count)
            }
            (self.passages, self.sparse) = (passages, sparse)
            (ngrams, places) = (NgramIndex(built), SegmentPlaces(counts: counts))
        }

        func floor(_ query: [String]) -> TermFloor {
            let text = query.joined(separator: " ")
            let search = SparseSearch(text, in: sparse, without: [], places: places)
            return TermFloor(text, search, TermAnalyzer()) { tokens in
                tokens.map { words[Int($0 - firstWord)] }.joined(separator: " ")
            }
        }

        func search(_ query: [String], k: Int, filter: PassageFilter = .all, threads: Int = 1) -> NgramIndex.Result {
            ngrams.search(
                NgramQuery(words: query.map { [token($0)] }), k: k, floor: floor(query), filter: filter,
                threads: threads)
        }
    }

    private func passages(_ random: inout SeededGenerator) -> [[String]] {
        (0..<Int.random(in: 4...120, using: &random)).map { _ in
            (0..<Int.random(in: 0...30, using: &random)).map { _ in
                Self.words[Int(Double(Self.words.count) * random.unit() * random.unit())]
            }
        }
    }

    private func query(_ random: inout SeededGenerator) -> [String] {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in
            Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
        }
    }

    @Test("A score is BM25 and the increments of the keys that a passage holds", arguments: 0..<60 as Range<UInt64>)
    func scores(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let passages = passages(&random)
        let corpus = try Corpus(passages, segments: 1)
        let query = query(&random)
        let result = corpus.search(query, k: passages.count)
        let keys = result.evidence.keys
        var terms = SparseCorpus()
        for words in passages { terms.add(title: "", text: words.joined(separator: " ")) }
        let bm25 = terms.naive(query.joined(separator: " "), k1: 0.9, b: 0.4)
        var expected: [(passage: Int, score: Double)] = []
        for (passage, words) in passages.enumerated() {
            func holds(_ tokens: [Int32]) -> Bool {
                words.indices.contains { words[$0...].map(Self.token).starts(with: tokens) }
            }
            var covered = Set(
                keys.filter { $0.isTerm && holds($0.tokens) }.flatMap(\.tokens).map {
                    Self.words[Int($0 - Self.firstWord)]
                })
            var used = [Bool](repeating: false, count: words.count)
            var sum = bm25[passage]
            for key in keys where !key.isTerm {
                let span = key.tokens.map { Self.words[Int($0 - Self.firstWord)] }
                var isCounted = false
                for start in words.indices where start + span.count <= words.count {
                    let range = start..<start + span.count
                    guard Array(words[range]) == span, !used[range].contains(true) else { continue }
                    for place in range { used[place] = true }
                    guard !isCounted else { continue }
                    isCounted = true
                    let new = Set(span).subtracting(covered)
                    let share = covered.isEmpty ? 1 : 0.3 + 0.7 * Double(new.count) / Double(Set(span).count)
                    sum += share * Double(key.weight)
                    covered.formUnion(span)
                }
            }
            if sum > 0 { expected.append((passage, sum)) }
        }
        #expect(result.passages.count == expected.count)
        let scores = Dictionary(uniqueKeysWithValues: result.passages.map { ($0.passage.place, Double($0.score)) })
        for item in expected {
            let score = try #require(scores[item.passage])
            #expect(abs(score - item.score) < 1e-4 * max(1, item.score))
            let alone = result.evidence.score(of: PassageIndex(item.passage), over: corpus.floor(query))
            #expect(abs(Double(alone) - item.score) < 1e-4 * max(1, item.score))
        }
    }

    @Test("A key without terms is none, and a term of the query adds nothing", arguments: 0..<20 as Range<UInt64>)
    func tellingKeys(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try Corpus(passages(&random), segments: 1)
        let query = query(&random)
        let terms = Set(query).subtracting(["the", "of"])
        for key in corpus.search(query, k: 5).evidence.keys {
            let words = Set(key.tokens.map { Self.words[Int($0 - Self.firstWord)] }).subtracting(["the", "of"])
            guard !terms.isEmpty else { continue }
            if key.isTerm {
                #expect(key.weight == 0)
            } else {
                // What the corpus alone goes on with is no prediction.
                #expect(key.weight > 0 && words.count > 1 && words.isSubset(of: terms))
            }
        }
    }

    @Test("The best are the best of all, however the corpus is cut", arguments: 0..<30 as Range<UInt64>)
    func segments(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let passages = passages(&random)
        let whole = try Corpus(passages, segments: 1)
        let cut = try Corpus(passages, segments: 3)
        let query = query(&random)
        let all = whole.search(query, k: passages.count).passages
        for k in [1, 3, 10, passages.count] {
            #expect(whole.search(query, k: k).passages == Array(all.prefix(k)))
            for threads in [1, 3] {
                let found = cut.search(query, k: k, threads: threads).passages
                #expect(found.map(\.passage) == all.prefix(k).map(\.passage))
                #expect(zip(found, all).allSatisfy { abs($0.score - $1.score) < 1e-5 * max(1, $1.score) })
            }
        }
    }

    @Test(
        "Under a filter what passes is found, and nothing else",
        arguments: 0..<20 as Range<UInt64>)
    func filtered(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let passages = passages(&random)
        let corpus = try Corpus(passages, segments: 1)
        let query = query(&random)
        let passing = passages.indices.filter { _ in random.unit() < 0.4 }
        let filter = PassageFilter(
            [PlaceSet(passing, capacity: passages.count)], sizes: [passages.count])
        let all = corpus.search(query, k: passages.count).passages
        let found = corpus.search(query, k: passages.count, filter: filter)
        // A key is generated only where a passage that passes holds it, which may change how likely it is; the floor stays.
        let terms = corpus.floor(query)
        for item in found.passages { #expect(item.score == found.evidence.score(of: item.passage, over: terms)) }
        let expected = all.map(\.passage.place).filter(passing.contains)
        if query.contains(where: { $0.hasPrefix("word") }) {
            #expect(Set(found.passages.map(\.passage.place)) == Set(expected))
        }
        #expect(found.passages == found.passages.sorted(by: Scored.precedes))
    }
}
