import Ranking
import TestSupport
import Testing

@Suite struct FusionTests {
    private func list(
        _ kind: RetrieverKind, _ scores: [(Int32, Float)], ceiling: Float = 1, absent: Float = 0,
        exact: (@Sendable (Int32) -> Float)? = nil
    ) -> Fusion.List {
        Fusion.List(
            kind: kind, documents: scores.map { ScoredDocument(document: $0.0, score: $0.1) },
            ceiling: ceiling, absent: absent, exactScore: exact)
    }

    @Test("The weighted sum of shares of the ceiling") func weighted() {
        let fusion = Fusion(weights: [.ngram: 0.25, .bm25: 0.75])
        let merged = fusion.merge([
            list(.ngram, [(4, 8), (2, 6)], ceiling: 10, absent: 1),
            list(.bm25, [(2, 3), (7, 1)], ceiling: 4) { $0 == 4 ? 2 : 0 },
        ])
        // 2: 0.25 * 0.6 + 0.75 * 0.75; 4: 0.25 * 0.8 + 0.75 * 2 / 4; 7: 0.25 * 0.1 + 0.75 * 0.25
        #expect(merged.map(\.document) == [2, 4, 7])
        for (found, expected) in zip(merged.map(\.score), [0.7125, 0.575, 0.2125] as [Float]) {
            #expect(abs(found - expected) < 1e-6)
        }
        #expect(merged[0].parts.map(\.rank) == [2, 1])
        #expect(merged[1].parts.map(\.rank) == [1, nil])
        #expect(merged[1].parts.map(\.score) == [8, 2])
        #expect(merged[2].parts.map(\.score) == [nil, 1])
        for item in merged { #expect(item.parts.reduce(0) { $0 + $1.contribution } == item.score) }
    }

    @Test("Reciprocal ranks") func reciprocal() {
        var fusion = Fusion(method: .rrf, weights: [:])
        fusion.rankConstant = 10
        let merged = fusion.merge([
            list(.ngram, [(1, 5), (2, 4), (3, 3)]), list(.bm25, [(3, 9), (1, 2)]) { _ in 100 },
        ])
        #expect(merged.map(\.document) == [1, 3, 2])
        let expected: [Float] = [Float(1) / 11 + Float(1) / 12, Float(1) / 13 + Float(1) / 11, Float(1) / 12]
        for (found, expected) in zip(merged.map(\.score), expected) { #expect(abs(found - expected) < 1e-6) }
    }

    @Test("Equal scores are ordered by index") func ties() {
        let merged = Fusion.uniform([.ngram, .bm25]).merge([
            list(.ngram, [(9, 1), (5, 1)]), list(.bm25, [(7, 1), (1, 1)]),
        ])
        #expect(merged.map(\.document) == [1, 5, 7, 9])
        #expect(Set(merged.map(\.score)) == [1])
    }

    @Test("Empty lists, lists of one, ceilings of zero and missing weights") func edges() {
        let fusion = Fusion(weights: [.ngram: 1])
        #expect(fusion.merge([]).isEmpty)
        #expect(fusion.merge([list(.ngram, []), list(.bm25, [])]).isEmpty)
        let one = fusion.merge([list(.ngram, [(3, 2)], ceiling: 4), list(.bm25, [])])
        #expect(one.map(\.document) == [3] && one.map(\.score) == [0.5])
        #expect(one[0].parts.map(\.rank) == [1, nil])
        let unweighted = fusion.merge([list(.dense, [(3, 2), (4, 1)])])
        #expect(unweighted.map(\.document) == [3, 4] && unweighted.map(\.score) == [0, 0])
        let zero = fusion.merge([list(.ngram, [(3, 2)], ceiling: 0)])
        #expect(zero.map(\.score) == [0])
    }

    @Test("Random lists merge as plain loops do", arguments: Fusion.Method.allCases) func random(
        method: Fusion.Method
    ) {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<100 {
            let kinds = RetrieverKind.allCases.filter { _ in Bool.random(using: &random) }
            var fusion = Fusion(method: method, weights: [:])
            let lists = kinds.map { kind -> Fusion.List in
                fusion.weights[kind] = Float.random(in: 0...1, using: &random)
                var scores: [(Int32, Float)] = []
                for document in 0..<20 as Range<Int32> where Bool.random(using: &random) {
                    scores.append((document, Float.random(in: 0...4, using: &random)))
                }
                scores.sort { $0.1 > $1.1 }
                let hasExact = Bool.random(using: &random)
                let exact: @Sendable (Int32) -> Float = { Float($0) / 50 }
                return list(
                    kind, scores, ceiling: Float.random(in: 1...5, using: &random),
                    absent: Float.random(in: 0...0.5, using: &random), exact: hasExact ? exact : nil)
            }
            let merged = fusion.merge(lists)
            #expect(Set(merged.map(\.document)) == Set(lists.flatMap { $0.documents.map(\.document) }))
            #expect(Set(merged.map(\.document)).count == merged.count)
            for item in merged {
                var expected: Float = 0
                for list in lists {
                    let rank = list.documents.firstIndex { $0.document == item.document }
                    let score =
                        rank.map { list.documents[$0].score } ?? list.exactScore?(item.document) ?? list.absent
                    switch method {
                    case .weighted: expected += (fusion.weights[list.kind] ?? 0) * score / list.ceiling
                    case .rrf: expected += rank.map { 1 / (61 + Float($0)) } ?? 0
                    }
                }
                #expect(abs(item.score - expected) < 1e-5)
            }
            for (a, b) in zip(merged, merged.dropFirst()) {
                #expect(a.score > b.score || (a.score == b.score && a.document < b.document))
            }
        }
    }
}
