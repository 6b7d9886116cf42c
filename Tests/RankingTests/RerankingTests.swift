import Foundation
import Ranking
import TestSupport
import Testing

@Suite struct RerankingTests {
    private func candidates(_ scores: [Float]) -> [Fusion.Candidate] {
        Fusion(weights: [.bm25: 1]).merge([
            Fusion.List(
                kind: .bm25,
                documents: scores.enumerated().map { ScoredDocument(document: Int32($0.offset), score: $0.element) },
                ceiling: 1)
        ])
    }

    @Test("The formula, for scored candidates and those below") func formula() {
        var random = SeededGenerator(seed: 4)
        for count in [0, 1, 2, 5, 20] {
            let scores = (0..<count).map { _ in Float.random(in: 0...1, using: &random) }.sorted(by: >)
            for depth in [0, 1, 3, 20] where depth <= count {
                let signals = (0..<depth).map { _ in
                    Reranking.Signals(
                        logLikelihood: Float.random(in: -6 ... -1, using: &random),
                        interaction: count == 5 ? nil : Float.random(in: -1 ... 1, using: &random))
                }
                let l = signals.map { 0.3 * ($0.logLikelihood ?? 0) + 0.7 * ($0.interaction ?? 0) }
                var found = candidates(scores)
                Reranking(depth: depth, weights: .init(likelihood: 0.3, interaction: 0.7)).apply(signals, to: &found)
                for (place, candidate) in found.enumerated() {
                    let own = place < depth ? l[place] : l.min() ?? 0
                    let expected = scores[place] + own - (l.max() ?? 0)
                    #expect(abs(candidate.score - expected) < 1e-6)
                    #expect(candidate.rerank?.signals == (place < depth ? signals[place] : nil))
                    #expect(abs(scores[place] + (candidate.rerank?.contribution ?? .nan) - candidate.score) < 1e-6)
                    // What was not scored stays below what was.
                    for scored in found.prefix(depth) where place >= depth { #expect(candidate.score <= scored.score) }
                }
            }
        }
    }

    /// Queries whose passage is the second by the merge; `isRight` says how often it is the likeliest.
    private func estimator(isRight: (Int) -> Bool) -> RerankingEstimator {
        var estimator = RerankingEstimator()
        for query in 0..<60 {
            let likeliest = isRight(query) ? 1 : 2
            estimator.add(
                scores: [0.5, 0.4, 0.35],
                signals: (0..<3).map { .init(logLikelihood: $0 == likeliest ? -1 : -2, interaction: nil) },
                relevant: 1)
        }
        return estimator
    }

    @Test("A likelihood that is right gets weight, one that is wrong gets none") func estimate() {
        let right = estimator { _ in true }.estimate()
        // All weights from 0.15 on put the passage first; at 0.1 it ties.
        #expect(abs(right.weights.likelihood - (0.15 + 0.2 + 0.3 + 0.4 + 0.6) / 5) < 1e-6)
        #expect(right.weights.interaction == 0)
        #expect(right.objective == 1 && abs(right.untouched - 1 / log2(3)) < 1e-9)
        let wrong = estimator { _ in false }.estimate()
        #expect(wrong.weights.likelihood < 0.05 && wrong.objective == wrong.untouched)
        #expect(RerankingEstimator().estimate().weights == .init(likelihood: 0, interaction: 0))
    }

    @Test("Passages that were not found, or past rank ten, gain nothing") func misses() {
        var estimator = RerankingEstimator()
        let idle = Reranking.Signals(logLikelihood: nil, interaction: nil)
        estimator.add(scores: [1, 0.5], signals: [idle, idle], relevant: nil)
        estimator.add(
            scores: (0..<12).map { 1 - Float($0) / 100 }, signals: Array(repeating: idle, count: 12), relevant: 10)
        #expect(estimator.count == 2)
        #expect(estimator.estimate().objective == 0)
    }
}
