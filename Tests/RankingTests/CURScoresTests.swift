import Ranking
import Storage
import TestSupport
import Testing

@Suite struct CURScoresTests {
    /// Scores that are inner products of vectors of a few dimensions: then a few exact ones tell all others.
    private struct Model {
        let rank: Int
        let passages: [[Float]]
        let scores: CURScores
        let query: [Float]

        init(rank: Int, queries: Int, passages count: Int, seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            func vector() -> [Float] { (0..<rank).map { _ in Float.random(in: -1...1, using: &random) } }
            let passages = (0..<count).map { _ in vector() }
            let anchors = (0..<queries).map { _ in vector() }
            query = vector()
            scores = CURScores(
                scores: anchors.flatMap { anchor in passages.map { Self.dot($0, anchor) } }, queryCount: queries,
                passageCount: count)
            (self.rank, self.passages) = (rank, passages)
        }

        static func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

        func exact(_ passages: [Int]) -> [Float] { passages.map { Self.dot(self.passages[$0], query) } }

        var best: [Int] {
            let all = exact(Array(passages.indices))
            return Array(passages.indices.sorted { (-all[$0], $0) < (-all[$1], $1) }.prefix(10))
        }
    }

    private static func plan(_ calls: Int, _ rounds: Int) -> CURScores.Plan {
        CURScores.Plan(calls: calls, rounds: rounds, cutoff: 1e-5)
    }

    @Test(
        "As many exact scores as the matrix has dimensions tell all others",
        arguments: [(1, 1, 1), (3, 5, 3), (6, 20, 9), (8, 8, 30)])
    func exact(_ rank: Int, _ queries: Int, _ known: Int) throws {
        let model = Model(rank: rank, queries: queries, passages: 120, seed: 4)
        let items = (0..<known).map { $0 * 3 }
        let estimates = try model.scores.estimates(Array(zip(items, model.exact(items))), 1e-5)
        for (estimate, exact) in zip(estimates, model.exact(Array(0..<120))) { #expect(abs(estimate - exact) < 1e-3) }
    }

    @Test("The best are found in one round after the first, of those that may be found") func finding() throws {
        let model = Model(rank: 5, queries: 12, passages: 200, seed: 5)
        let found = try model.scores.find(
            Self.plan(20, 2), first: 0..<200, passing: { _ in true }, score: model.exact)
        #expect(found.count == 20 && found.prefix(10).map(\.passage) == Array(0..<10))
        #expect(Set(found.map(\.passage)).isSuperset(of: model.best))
        for (passage, score) in found { #expect(score == model.exact([passage])[0]) }
        let odd = try model.scores.find(
            Self.plan(60, 2), first: 0..<200, passing: { $0 % 2 == 1 }, score: model.exact)
        #expect(odd.count == 60 && odd.allSatisfy { $0.passage % 2 == 1 })
        #expect(Set(odd.map(\.passage)).isSuperset(of: model.best.filter { $0 % 2 == 1 }))
    }

    @Test("The scores are divided among the rounds, and none is asked for twice", arguments: [1, 2, 3, 5, 7, 40])
    func rounds(_ rounds: Int) throws {
        let model = Model(rank: 4, queries: 6, passages: 50, seed: 6)
        for calls in [1, rounds, 17, 50, 80] {
            var asked: [[Int]] = []
            let found = try model.scores.find(Self.plan(calls, rounds), first: 0..<50, passing: { _ in true }) {
                asked.append($0)
                return model.exact($0)
            }
            #expect(found.count == min(calls, 50) && Set(found.map(\.passage)).count == found.count)
            #expect(asked.flatMap(\.self) == found.map(\.passage))
            let sizes = asked.map(\.count)
            if calls <= 50 { #expect((sizes.max() ?? 0) - (sizes.filter { $0 > 0 }.min() ?? 0) <= 1) }
        }
    }

    @Test("Nothing is found where nothing passes, or the first round has nothing") func nothing() throws {
        let model = Model(rank: 2, queries: 3, passages: 10, seed: 7)
        let closed = try model.scores.find(
            Self.plan(5, 2), first: 0..<10, passing: { _ in false }, score: model.exact)
        let blind = try model.scores.find(
            Self.plan(5, 2), first: EmptyCollection(), passing: { _ in true }, score: model.exact)
        #expect(closed.isEmpty && blind.isEmpty)
    }

    @Test("A file gives the scores back; a damaged one is told") func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cur.gnr")
        let model = Model(rank: 2, queries: 3, passages: 11, seed: 8)
        try model.scores.write(to: ContainerWriter(path: path, kind: CURScores.fileKind))
        let good = try Container(path: path, kind: CURScores.fileKind)
        let read = try CURScores(good)
        #expect(read.queryCount == 3 && read.passageCount == 11)
        let known = Array(zip([1, 5], model.exact([1, 5])))
        #expect(try read.estimates(known, 1e-5) == model.scores.estimates(known, 1e-5))
        for sizes in [[3], [3, 12], [0, 0], [11, 3, 1], [UInt64.max, 33], [1 << 20, 1 << 45]] as [[UInt64]] {
            let writer = try ContainerWriter(path: folder.path("bad.gnr"), kind: CURScores.fileKind)
            try writer.write("cur.sizes", sizes)
            try writer.write("cur.scores", [Float](repeating: 1, count: 33))
            try writer.finish()
            #expect(throws: StorageError.self, "\(sizes)") {
                try CURScores(Container(path: folder.path("bad.gnr"), kind: CURScores.fileKind))
            }
        }
    }
}
