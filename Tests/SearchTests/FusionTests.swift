import Search
import TestSupport
import Testing

@Suite struct FusionTests {
    private func places(_ candidates: [Candidate]) -> [Int] { candidates.map(\.passage.place) }

    @Test("The weighted sum of shares of the ceiling") func weighted() {
        let fusion = Fusion(weights: ["ngram": 0.25, "bm25": 0.75])
        let fused = fusion.fuse([
            list("ngram", [(4, 8), (2, 6)], ceiling: 10, floor: 1),
            list("bm25", [(2, 3), (7, 1)], ceiling: 4) { $0.place == 4 ? 2 : 0 },
        ])
        // 2: 0.25 * 0.6 + 0.75 * 0.75; 4: 0.25 * 0.8 + 0.75 * 2 / 4; 7: 0.25 * 0.1 + 0.75 * 0.25
        #expect(places(fused) == [2, 4, 7])
        for (found, expected) in zip(fused.map(\.score), [0.7125, 0.575, 0.2125] as [Float]) {
            #expect(abs(found - expected) < 1e-6)
        }
        #expect(fused[0].parts.map(\.rank) == [2, 1])
        #expect(fused[1].parts.map(\.rank) == [1, nil])
        #expect(fused[1].parts.map(\.score) == [8, 2])
        #expect(fused[2].parts.map(\.score) == [nil, 1])
        for item in fused { #expect(item.parts.reduce(0) { $0 + $1.contribution } == item.score) }
    }

    @Test("Reciprocal ranks") func reciprocal() {
        let fused = Fusion(method: .rrf, weights: [:]).fuse([
            list("ngram", [(1, 5), (2, 4), (3, 3)]), list("bm25", [(3, 9), (1, 2)]) { _ in 100 },
        ])
        #expect(places(fused) == [1, 3, 2])
        let expected: [Float] = [Float(1) / 61 + Float(1) / 62, Float(1) / 63 + Float(1) / 61, Float(1) / 62]
        for (found, expected) in zip(fused.map(\.score), expected) { #expect(abs(found - expected) < 1e-6) }
        for item in fused { #expect(item.parts.reduce(0) { $0 + $1.contribution } == item.score) }
    }

    @Test("Equal scores are ordered by index") func ties() {
        let fused = Fusion.uniform(["ngram", "bm25"]).fuse([
            list("ngram", [(9, 1), (5, 1)]), list("bm25", [(7, 1), (1, 1)]),
        ])
        #expect(places(fused) == [1, 5, 7, 9])
        #expect(Set(fused.map(\.score)) == [1])
    }

    @Test("Empty lists, lists of one, ceilings of zero and missing weights") func edges() {
        let fusion = Fusion(weights: ["ngram": 1])
        #expect(fusion.fuse([]).isEmpty)
        #expect(fusion.fuse([list("ngram", [(Int, Float)]()), list("bm25", [(Int, Float)]())]).isEmpty)
        let one = fusion.fuse([list("ngram", [(3, 2)], ceiling: 4), list("bm25", [(Int, Float)]())])
        #expect(places(one) == [3] && one.map(\.score) == [0.5])
        #expect(one[0].parts.map(\.rank) == [1, nil])
        let zero = fusion.fuse([list("ngram", [(3, 2)], ceiling: 0), list("bm25", [(4, 1)])])
        #expect(places(zero) == [3, 4] && zero.map(\.score) == [0, 0])
    }

    @Test("One list alone keeps its own scores, whatever the weights") func alone() {
        for method in Fusion.Method.allCases {
            let fused = Fusion(method: method, weights: ["ngram": 0.5]).fuse([
                list("dense", [(3, 20), (4, 1)], ceiling: 40)
            ])
            #expect(places(fused) == [3, 4] && fused.map(\.score) == [20, 1])
            #expect(fused.map(\.parts.first?.contribution) == [20, 1])
        }
    }

    @Test("Where all weights are nought the lists count alike") func weightless() {
        let lists = [list("ngram", [(1, 1), (2, 0.5)]), list("bm25", [(2, 1)])]
        let expected = Fusion.uniform(["ngram", "bm25"]).fuse(lists)
        for weights in [[:], ["dense": 1], ["ngram": 0, "bm25": 0]] as [[ComponentID: Float]] {
            let fused = Fusion(weights: weights).fuse(lists)
            #expect(fused.map(\.passage) == expected.map(\.passage) && fused.map(\.score) == expected.map(\.score))
        }
    }

    @Test("Random lists are fused as plain loops do", arguments: Fusion.Method.allCases)
    func random(method: Fusion.Method) {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<100 {
            let retrievers = (["ngram", "docid", "dense", "bm25"] as [ComponentID]).filter { _ in
                Bool.random(using: &random)
            }
            var fusion = Fusion(method: method, weights: [:])
            let lists = retrievers.map { retriever -> RankedList in
                fusion.weights[retriever] = Float.random(in: 0.01...1, using: &random)
                var scores: [(Int, Float)] = []
                for place in 0..<20 where Bool.random(using: &random) {
                    scores.append((place, Float.random(in: 0...4, using: &random)))
                }
                scores.sort { $0.1 > $1.1 }
                let hasExact = Bool.random(using: &random)
                let exact: @Sendable (PassageIndex) -> Float = { Float($0.place) / 50 }
                return list(
                    retriever, scores, ceiling: Float.random(in: 1...5, using: &random),
                    floor: Float.random(in: 0...0.5, using: &random), exact: hasExact ? exact : nil)
            }
            let fused = fusion.fuse(lists)
            #expect(Set(fused.map(\.passage)) == Set(lists.flatMap { $0.passages.map(\.passage) }))
            #expect(Set(fused.map(\.passage)).count == fused.count)
            for item in fused {
                #expect(abs(item.score - naive(item.passage, lists, fusion)) < 1e-5)
            }
            for (a, b) in zip(fused, fused.dropFirst()) {
                #expect(a.score > b.score || (a.score == b.score && a.passage < b.passage))
            }
        }
    }

    private func naive(_ passage: PassageIndex, _ lists: [RankedList], _ fusion: Fusion) -> Float {
        var expected: Float = 0
        for list in lists {
            let rank = list.passages.firstIndex { $0.passage == passage }
            let score = rank.map { list.passages[$0].score } ?? list.exactScore?(passage) ?? list.floor
            if lists.count == 1 { return score }
            switch fusion.method {
            case .weighted: expected += (fusion.weights[list.retriever] ?? 0) * score / list.ceiling
            case .rrf: expected += rank.map { 1 / (61 + Float($0)) } ?? 0
            }
        }
        return expected
    }

    @Test("In JSON weights are an object by retriever") func json() throws {
        let fusion = Fusion(method: .rrf, weights: ["ngram": 0.25, "mine": 2])
        let tree = try JSONTree(encoding: fusion)
        #expect(tree["weights"]?["mine"] == .integer(2) && tree["method"] == .string("rrf"))
        #expect(try tree.decoded(as: Fusion.self) == fusion)
    }
}
