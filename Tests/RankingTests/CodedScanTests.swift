import Docids
import Memory
import Ranking
import Search
import TestSupport
import Testing

@Suite struct CodedScanTests {
    private struct Setup {
        let exact: DenseIndex
        let coded: DenseIndex

        init(_ count: Int, dimension: Int, seed: UInt64, width: CodedRows.Width = .byte) {
            let vectors = RandomVectors.make(count, dimension: dimension, seed: seed, repeats: 11)
            exact = DenseIndex(vectors: vectors, dimension: dimension)
            var builder = LeafCodesBuilder(fanout: 5, leafSize: 20, seed: seed)
            builder.width = width
            coded = DenseIndex(codes: builder.build(vectors: vectors, dimension: dimension))
        }

        /// All passages by their bytes.
        func ranking(_ query: [Float], _ passing: PlaceSet? = nil) -> [Scored<Int32>] {
            let asked = coded.query(query)
            return (0..<Int32(coded.count)).filter { passing?.contains(Int($0)) ?? true }
                .map { Scored($0, score: asked.similarity($0)) }
                .sorted { ($0.score, $1.id) > ($1.score, $0.id) }
        }
    }

    @Test("The best are those of a look at all bytes", arguments: [0, 1, 33, 40_000], [8, 64, 384])
    func best(count: Int, dimension: Int) {
        let setup = Setup(count, dimension: dimension, seed: UInt64(count + dimension))
        var random = SeededGenerator(seed: 2)
        var (found, wanted, exactly) = (0, 0, 0)
        for _ in 0..<20 {
            let query = RandomVectors.one(dimension, &random)
            let ranking = setup.ranking(query)
            for k in [1, 10, count] {
                let best = setup.coded.query(query).best(k)
                #expect(best.count == min(k, count))
                // In order, with the scores of the bytes; nearly always all of them.
                let chosen = Set(best.map(\.id))
                #expect(best == ranking.filter { chosen.contains($0.id) })
                found += Set(ranking.prefix(k).map(\.id)).intersection(chosen).count
                wanted += min(k, count)
            }
            exactly += Set(setup.exact.query(query).best(10).map(\.id)).intersection(ranking.prefix(10).map(\.id)).count
        }
        #expect(Double(found) >= 0.998 * Double(wanted))
        if dimension == 384 { #expect(Double(exactly) >= 0.9 * Double(20 * min(10, count))) }
    }

    @Test("Half bytes find the best of a look at all of them, and nearly the exact ones") func nibbles() {
        let setup = Setup(33_000, dimension: 384, seed: 8, width: .nibble)
        var random = SeededGenerator(seed: 2)
        var (found, exactly) = (0, 0)
        for _ in 0..<20 {
            let query = RandomVectors.one(384, &random)
            let ranking = setup.ranking(query)
            let best = setup.coded.query(query).best(30)
            let chosen = Set(best.map(\.id))
            #expect(best == ranking.filter { chosen.contains($0.id) })
            found += Set(ranking.prefix(30).map(\.id)).intersection(chosen).count
            exactly += Set(setup.exact.query(query).best(10).map(\.id)).intersection(chosen).count
        }
        #expect(Double(found) >= 0.998 * 600)
        #expect(Double(exactly) >= 0.98 * 200)
    }

    @Test("Filters leave what passes", arguments: [1, 2, 17, 200]) func filters(every: Int) {
        let setup = Setup(40_000, dimension: 32, seed: 5)
        let passing = PlaceSet((0..<40_000).filter { $0 % every == 0 }, capacity: 40_000)
        var random = SeededGenerator(seed: 3)
        var found = 0
        for _ in 0..<20 {
            let query = RandomVectors.one(32, &random)
            let best = setup.coded.query(query).best(10, passing: passing)
            #expect(best.count == min(10, passing.count))
            #expect(best.allSatisfy { passing.contains(Int($0.id)) })
            found += Set(setup.ranking(query, passing).prefix(10).map(\.id)).intersection(best.map(\.id)).count
        }
        #expect(Double(found) >= 0.995 * Double(20 * min(10, passing.count)))
    }

    @Test("Threads change nothing") func threads() {
        let setup = Setup(300_000, dimension: 8, seed: 6)
        var random = SeededGenerator(seed: 4)
        for _ in 0..<5 {
            let query = setup.coded.query(RandomVectors.one(8, &random))
            let alone = query.best(100)
            for threads in [2, 3] { #expect(query.best(100, threads: threads) == alone) }
        }
    }

    @Test("Generated docids of coded vectors find what all beams find", arguments: [1, 33, 300]) func docids(count: Int)
    {
        let setup = Setup(count, dimension: 16, seed: 7)
        guard let codes = setup.coded.codes else { return #expect(Bool(false), "not coded") }
        let search = DocidSearch(codes: codes)
        var random = SeededGenerator(seed: 5)
        for _ in 0..<8 {
            let query = RandomVectors.one(16, &random)
            let result = search.search(query, k: count, options: .init(beams: count))
            #expect(result.passages == setup.ranking(query))
            #expect(result.invalidDocids == 0)
            let few = search.search(query, k: 10, options: .init(beams: 3))
            let chosen = Set(few.passages.map(\.id))
            #expect(!chosen.isEmpty && few.passages == setup.ranking(query).filter { chosen.contains($0.id) })
        }
    }
}
