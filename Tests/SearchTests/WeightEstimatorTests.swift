import Foundation
import Search
import TestSupport
import Testing

/// Weights of retrievers in a fusion: all ways to share 1 out.
@Suite struct FusionWeightTests {
    /// Queries whose passage is 0: `right` always has it first, the other draws.
    private func estimator(right: ComponentID, seed: UInt64) -> WeightEstimator {
        var random = SeededGenerator(seed: seed)
        var estimator = WeightEstimator(signals: ["ngram", "bm25"])
        for _ in 0..<80 {
            let noise = (0..<20).map { _ in Float.random(in: 0...1, using: &random) }
            let good = [1] + (1..<20).map { _ in Float.random(in: 0...0.9, using: &random) }
            estimator.add(
                (["ngram", "bm25"] as [ComponentID]).map { list($0, $0 == right ? good : noise) },
                relevant: PassageIndex(0))
        }
        return estimator
    }

    @Test("The retriever that is right gets the weight", arguments: [0, 1]) func oneIsRight(right: Int) {
        let estimator = estimator(right: ["ngram", "bm25"][right], seed: 3)
        #expect(estimator.count == 80)
        let found = estimator.estimate()
        #expect(abs(found.weights.reduce(0, +) - 1) < 1e-4)
        #expect(found.weights[right] > 0.8)
        #expect(abs(found.objective - 1) < 1e-9 && found.objectiveError < 1e-9)
    }

    @Test("Where each is fooled, both are needed") func mix() {
        let lists = [list("ngram", [0.7, 1, 0]), list("bm25", [0.7, 0, 1])]
        var estimator = WeightEstimator(signals: ["ngram", "bm25"])
        // Passage 1 fools one retriever and passage 2 the other; 0 is good for both.
        for _ in 0..<40 { estimator.add(lists, relevant: PassageIndex(0)) }
        let found = estimator.estimate()
        #expect(abs(found.weights[0] - 0.5) < 0.11)
        #expect(found.objective == 1)
        let fused = Fusion(weights: ["ngram": found.weights[0], "bm25": found.weights[1]]).fuse(lists)
        #expect(fused.first?.passage.place == 0)
    }

    @Test("Families count alike, whatever their size", arguments: [5, 200]) func families(size: Int) {
        var estimator = WeightEstimator(signals: ["ngram", "bm25"])
        // A family that n-grams lose a little by, and a small one that BM25 loses much by.
        for _ in 0..<size {
            estimator.add([list("ngram", [0.9, 1]), list("bm25", [1, 0])], relevant: PassageIndex(0), family: "a")
        }
        for _ in 0..<5 {
            let worst = (0..<20).map { $0 == 0 ? Float(0) : 1 }
            estimator.add([list("ngram", [1, 0]), list("bm25", worst)], relevant: PassageIndex(0), family: "b")
        }
        let found = estimator.estimate()
        // Both are first where 0.9 w + (1 - w) > w and w > 1 - w.
        #expect((0.5...0.91).contains(found.weights[0]))
        #expect(found.objective == 1)
    }

    @Test("The objective is the mean of the families' means") func familyMeans() {
        var estimator = WeightEstimator(signals: ["bm25"])
        for _ in 0..<30 { estimator.add([list("bm25", [1, 0])], relevant: PassageIndex(0), family: "a") }
        for _ in 0..<3 { estimator.add([list("bm25", [0.5, 1, 0.9])], relevant: PassageIndex(0), family: "b") }
        #expect(estimator.estimate().weights == [1])
        #expect(abs(estimator.estimate().objective - (1 + 0.5) / 2) < 1e-9)
    }

    @Test("The objective is 1 / log2(1 + rank), zero past ten and where nothing is found") func objective() {
        for rank in 1...12 {
            var estimator = WeightEstimator(signals: ["dense"])
            // Ties count against the passage: all that stand before it have its own score.
            estimator.add([list("dense", (0..<20).map { $0 < rank ? 0.9 : 0.5 })], relevant: PassageIndex(0))
            let expected = rank > 10 ? 0 : 1 / log2(1 + Double(rank))
            #expect(abs(estimator.estimate().objective - expected) < 1e-9, "\(rank)")
        }
        var missed = WeightEstimator(signals: ["dense"])
        missed.add([list("dense", [1, 0])], relevant: PassageIndex(99))
        #expect(missed.estimate().objective == 0)
    }

    @Test("A gain is the mean of the queries' differences, with its error") func gains() {
        var (plain, better) = (WeightEstimator(signals: ["bm25"]), WeightEstimator(signals: ["bm25"]))
        for query in 0..<8 {
            plain.add([list("bm25", [0.5, 1])], relevant: PassageIndex(0))
            better.add([list("bm25", query % 4 == 0 ? [0.5, 1] : [1, 0.5])], relevant: PassageIndex(0))
        }
        let step = 1 - 1 / log2(3.0)
        let gain = better.gain([1], over: plain, [1])
        #expect(abs(gain.mean - 0.75 * step) < 1e-9)
        // Six of eight queries gain: the deviation of one is √(3/16) steps.
        #expect(abs(gain.error - step * (3.0 / 16 / 8).squareRoot()) < 1e-9)
        #expect(plain.gain([1], over: plain, [1]) == (0, 0))
        #expect(WeightEstimator(signals: []).gain([], over: WeightEstimator(signals: []), []) == (0, 0))
    }

    @Test("Nothing seen gives equal weights") func nothing() {
        let found = WeightEstimator(signals: ["ngram", "bm25"]).estimate()
        #expect(found.weights == [1, 1] && found.objective == 0)
    }

    @Test("The estimate is reproducible") func determinism() {
        #expect(estimator(right: "ngram", seed: 8).estimate() == estimator(right: "ngram", seed: 8).estimate())
    }
}

/// Weights of rerankers on top of a fusion: all combinations of values.
@Suite struct RerankWeightTests {
    private static let grid = WeightEstimator.Grid.product([
        [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6], [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3],
    ])

    private var empty: WeightEstimator { WeightEstimator(signals: ["likelihood", "interaction"], grid: Self.grid) }

    /// Queries whose passage is the second by the fusion; `isRight` says how often it is the likeliest.
    private func estimator(isRight: (Int) -> Bool) -> WeightEstimator {
        var estimator = empty
        for query in 0..<60 {
            let likeliest = isRight(query) ? 1 : 2
            estimator.add(
                base: [0.5, 0.4, 0.35], signals: [(0..<3).map { $0 == likeliest ? -1 : -2 }, [0, 0, 0]], relevant: 1)
        }
        return estimator
    }

    @Test("A likelihood that is right gets weight, one that is wrong gets none") func estimate() {
        let right = estimator { _ in true }.estimate()
        // All weights from 0.15 on put the passage first; at 0.1 it ties. Of what says nothing, all are alike.
        #expect(abs(right.weights[0] - (0.15 + 0.2 + 0.3 + 0.4 + 0.6) / 5) < 1e-6)
        #expect(right.objective == 1 && abs(right.untouched - 1 / log2(3)) < 1e-9)
        let wrong = estimator { _ in false }.estimate()
        #expect(wrong.weights == [0, 0] && wrong.objective == wrong.untouched)
        #expect(empty.estimate().weights == [0, 0])
    }

    @Test("One signal is searched alone") func one() {
        var estimator = WeightEstimator(signals: ["likelihood"], grid: .product([[0, 0.1, 0.5]]))
        estimator.add(base: [0.5, 0.4], signals: [[-2, -1]], relevant: 1)
        let found = estimator.estimate()
        #expect(found.weights == [0.5] && found.objective == 1 && found.standardErrors == [0])
    }

    @Test("Passages that were not found, or past rank ten, gain nothing") func misses() {
        var estimator = empty
        estimator.add(base: [1, 0.5], signals: [[0, 0], [0, 0]], relevant: nil)
        let idle = [Float](repeating: 0, count: 12)
        estimator.add(base: (0..<12).map { 1 - Float($0) / 100 }, signals: [idle, idle], relevant: 10)
        #expect(estimator.count == 2)
        #expect(estimator.estimate().objective == 0)
    }
}
