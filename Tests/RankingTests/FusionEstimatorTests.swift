import Foundation
import Ranking
import TestSupport
import Testing

@Suite struct FusionEstimatorTests {
    /// A list whose scores for documents 0... are given.
    private func list(_ kind: RetrieverKind, _ scores: [Float]) -> Fusion.List {
        Fusion.List(
            kind: kind,
            documents: scores.enumerated().map { ScoredDocument(document: Int32($0.offset), score: $0.element) }
                .sorted { $0.score > $1.score },
            ceiling: 1)
    }

    /// Pseudo-queries whose passage is document 0: `right` always has it first, the other draws.
    private func estimator(right: RetrieverKind, seed: UInt64) -> FusionEstimator {
        var random = SeededGenerator(seed: seed)
        var estimator = FusionEstimator(kinds: [.ngram, .bm25])
        for _ in 0..<80 {
            let noise = (0..<20).map { _ in Float.random(in: 0...1, using: &random) }
            let good = [1] + (1..<20).map { _ in Float.random(in: 0...0.9, using: &random) }
            estimator.add(
                [.ngram, .bm25].map { list($0, $0 == right ? good : noise) }, relevant: 0)
        }
        return estimator
    }

    @Test("The retriever that is right gets the weight", arguments: [.ngram, .bm25] as [RetrieverKind])
    func oneIsRight(right: RetrieverKind) throws {
        let estimator = estimator(right: right, seed: 3)
        #expect(estimator.count == 80)
        let (weights, objective) = estimator.estimate()
        #expect(abs(weights.values.reduce(0, +) - 1) < 1e-4)
        #expect(try #require(weights[right]) > 0.8)
        #expect(abs(objective - 1) < 1e-9)
    }

    @Test("Where each is fooled, both are needed") func mix() throws {
        var estimator = FusionEstimator(kinds: [.ngram, .bm25])
        for _ in 0..<40 {
            // Document 1 fools one retriever and document 2 the other; 0 is good for both.
            estimator.add([list(.ngram, [0.7, 1, 0]), list(.bm25, [0.7, 0, 1])], relevant: 0)
        }
        let (weights, objective) = estimator.estimate()
        #expect(abs(try #require(weights[.ngram]) - 0.5) < 0.11)
        #expect(objective == 1)
        let merged = Fusion(weights: weights).merge([list(.ngram, [0.7, 1, 0]), list(.bm25, [0.7, 0, 1])])
        #expect(merged.first?.document == 0)
    }

    @Test("Families count alike, whatever their size", arguments: [5, 200]) func families(size: Int) throws {
        var estimator = FusionEstimator(kinds: [.ngram, .bm25])
        // A family that n-grams lose a little by, and a small one that BM25 loses much by.
        for _ in 0..<size {
            estimator.add([list(.ngram, [0.9, 1]), list(.bm25, [1, 0])], relevant: 0, family: "a")
        }
        for _ in 0..<5 {
            let worst = (0..<20).map { $0 == 0 ? Float(0) : 1 }
            estimator.add([list(.ngram, [1, 0]), list(.bm25, worst)], relevant: 0, family: "b")
        }
        let (weights, objective) = estimator.estimate()
        // Both are first where 0.9 w + (1 - w) > w and w > 1 - w.
        #expect((0.5...0.91).contains(try #require(weights[.ngram])))
        #expect(objective == 1)
    }

    @Test("The objective is the mean of the families' means") func familyMeans() {
        var estimator = FusionEstimator(kinds: [.bm25])
        for _ in 0..<30 { estimator.add([list(.bm25, [1, 0])], relevant: 0, family: "a") }
        for _ in 0..<3 { estimator.add([list(.bm25, [0.5, 1, 0.9])], relevant: 0, family: "b") }
        #expect(estimator.estimate().weights == [.bm25: 1])
        #expect(abs(estimator.estimate().objective - (1 + 0.5) / 2) < 1e-9)
    }

    @Test("The objective is 1 / log2(1 + rank), zero past ten and where nothing is found") func objective() {
        for rank in 1...12 {
            var estimator = FusionEstimator(kinds: [.dense])
            // Ties count against the passage: all that stand before it have its own score.
            estimator.add([list(.dense, (0..<20).map { $0 < rank ? 0.9 : 0.5 })], relevant: 0)
            let expected = rank > 10 ? 0 : 1 / log2(1 + Double(rank))
            #expect(abs(estimator.estimate().objective - expected) < 1e-9, "\(rank)")
        }
        var missed = FusionEstimator(kinds: [.dense])
        missed.add([list(.dense, [1, 0])], relevant: 99)
        #expect(missed.estimate().objective == 0)
    }

    @Test("Nothing seen gives equal weights") func nothing() {
        let (weights, objective) = FusionEstimator(kinds: [.ngram, .bm25]).estimate()
        #expect(weights == [.ngram: 1, .bm25: 1] && objective == 0)
    }

    @Test("The estimate is reproducible") func determinism() {
        let one = estimator(right: .ngram, seed: 8).estimate()
        let two = estimator(right: .ngram, seed: 8).estimate()
        #expect(one.weights == two.weights && one.objective == two.objective)
    }
}
