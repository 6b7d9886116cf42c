import Docids
import Memory
import Ranking
import Search
import Tensors
import TestSupport
import Testing

@Suite struct EntryDocidSearchTests {
    private static let dimension = 16

    /// Passages of one to four entries each, some of which are equal.
    private struct Setup {
        let entries: DocidEntries
        let skeleton: DocidSkeleton
        let retriever: EntryDocidSearch

        init(_ scheme: DocidScheme, passages count: Int, seed: UInt64) {
            let passages = (0..<Int32(count)).flatMap { Array(repeating: $0, count: 1 + Int($0) % 4) }
            let vectors = RandomVectors.make(passages.count, dimension: dimension, seed: seed, repeats: 9)
            entries = DocidEntries(
                vectors: HalfVectors(rounding: vectors, dimension: dimension),
                passages: FrozenArray(passages), passageCount: count)
            var builder = DocidSkeletonBuilder()
            builder.scheme = scheme
            (builder.fanout, builder.leafSize, builder.codewords, builder.levels) = (3, 4, 5, 3)
            skeleton = builder.build(vectors: entries.vectors.floats(), dimension: dimension)
            retriever = EntryDocidSearch(
                tree: skeleton.place(entries.vectors.floats()), entries: entries)
        }

        /// Every passage with the best of its entries under a vector, and with what a look-ahead says.
        func ranking(_ vector: [Float], _ lookAhead: LookAhead?) -> [ScoredPassage] {
            let scores = entries.vectors.products(vector)
            return (0..<Int32(entries.passageCount)).map { passage in
                var score = entries.entries(of: passage).map { scores[$0] }.max() ?? 0
                if let lookAhead {
                    score = (1 - lookAhead.weight) * score + lookAhead.weight * lookAhead.scores[Int(passage)]
                }
                return Scored(PassageIndex(passage), score: score)
            }.sorted { ($0.score, $1.passage) > ($1.score, $0.passage) }
        }

        /// A query whose vectors are all the same, or all different.
        func query(_ random: inout SeededGenerator, bends: Bool, looksAhead: Bool) -> EntryDocidSearch.Query {
            let one = RandomVectors.one(dimension, &random)
            let rows = (0...retriever.depth).flatMap { _ in bends ? RandomVectors.one(dimension, &random) : one }
            let scores = (0..<entries.passageCount).map { _ in Float.random(in: 0...1, using: &random) }
            return .init(
                vectors: Matrix(rows: retriever.depth + 1, columns: dimension, values: rows),
                lookAhead: looksAhead ? .init(scores: scores, weight: 0.4) : nil)
        }
    }

    @Test("As many beams as entries find the exact ranking of passages", arguments: DocidScheme.anchored)
    func exhaustive(scheme: DocidScheme) {
        for count in [1, 2, 40] {
            let setup = Setup(scheme, passages: count, seed: UInt64(count))
            var random = SeededGenerator(seed: 4)
            for (bends, looksAhead) in [(false, false), (true, false), (false, true), (true, true)] {
                let query = setup.query(&random, bends: bends, looksAhead: looksAhead)
                let vector = Array(query.vectors.row(setup.retriever.depth))
                let expected = setup.ranking(vector, query.lookAhead)
                let found = setup.retriever.search(query, k: count, options: .init(beams: setup.entries.count))
                #expect(found.passages == expected)
                #expect(found.docidCount == setup.entries.count && found.invalidDocids == 0)
                #expect(
                    setup.retriever.search(query, k: 3, options: .init(beams: 500)).passages
                        == Array(expected.prefix(3)))
            }
        }
    }

    @Test("A look-ahead that knows the answer leads a single beam to it") func led() {
        let setup = Setup(.tree, passages: 60, seed: 3)
        var random = SeededGenerator(seed: 8)
        var alone = 0
        for passage in Int32(0)..<60 {
            var query = setup.query(&random, bends: true, looksAhead: false)
            let without = setup.retriever.search(query, k: 1, options: .init(beams: 1)).passages
            alone += without.first?.passage.rawValue == passage ? 1 : 0
            var scores = [Float](repeating: 0, count: 60)
            scores[Int(passage)] = 1
            query.lookAhead = .init(scores: scores, weight: 0.9)
            let found = setup.retriever.search(query, k: 1, options: .init(beams: 1)).passages
            #expect(found.first?.passage.rawValue == passage)
        }
        #expect(alone < 30)
    }

    @Test(
        "A few beams keep what a literal search keeps, each level judged by its own vector", arguments: [1, 2, 5, 11])
    func literal(beams: Int) {
        let setup = Setup(.tree, passages: 80, seed: 5)
        let tree = setup.skeleton.place(setup.entries.vectors.floats())
        var random = SeededGenerator(seed: UInt64(beams))
        for _ in 0..<20 {
            let query = setup.query(&random, bends: true, looksAhead: false)
            func row(_ level: Int) -> [Float] { Array(query.vectors.row(level)) }
            let leaves = setup.entries.vectors.products(row(setup.retriever.depth))
            var alive = [0]
            var best: [Int32: Float] = [:]
            for level in 0...setup.retriever.depth where !alive.isEmpty {
                // The B best prefixes, of which leaves give their entries.
                let candidates = alive.flatMap { Array(tree.children(of: $0)) }.map { child in
                    (score: Vector.dot(row(level), tree.centroid(of: child).toArray()), node: child)
                }
                let kept = candidates.sorted { $0.score > $1.score }.prefix(beams).map(\.node)
                alive = kept.filter { !tree.isLeaf($0) }
                for entry in kept.filter(tree.isLeaf).flatMap({ tree.documents(of: $0).toArray() }) {
                    let passage = setup.entries.passages[Int(entry)]
                    best[passage] = max(best[passage] ?? -.infinity, leaves[Int(entry)])
                }
            }
            let found = setup.retriever.search(query, k: 80, options: .init(beams: beams)).passages
            #expect(Set(found.map(\.passage.rawValue)) == Set(best.keys))
            for item in found { #expect(item.score == best[item.passage.rawValue]) }
        }
    }
}
