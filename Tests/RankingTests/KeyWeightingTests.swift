import Foundation
import Ranking
import TestSupport
import Testing

@Suite struct KeyWeightingTests {
    /// log(p(n|q) (1 - p(n)) / (p(n) (1 - p(n|q)))), as it stands in the paper.
    private func direct(logProb: Double, count: Int, corpusTokens: Int, smoothing: Double = 5) -> Double {
        guard count > 0 else { return 0 }
        let given = exp(logProb)
        let prior = (Double(count) + smoothing) / (Double(corpusTokens) + smoothing)
        return max(0, log(given * (1 - prior) / (prior * (1 - given))))
    }

    @Test("Weights are the paper's") func formula() {
        var random = SeededGenerator(seed: 1)
        let weighting = KeyWeighting()
        var positive = 0
        for _ in 0..<2000 {
            let tokens = Int.random(in: 10...10_000_000, using: &random)
            let count = Int.random(in: 0...max(1, tokens / 50), using: &random)
            let logProb = Float.random(in: -18 ... -0.01, using: &random)
            let expected = direct(logProb: Double(logProb), count: count, corpusTokens: tokens)
            let odds = weighting.logOdds(logProb: logProb, count: count, corpus: .init(tokens: tokens, passages: 1))
            #expect(abs(Double(odds) - expected) < 1e-4 * max(1, expected))
            let weight = weighting.weight(logProb: logProb, count: count, corpus: .init(tokens: tokens, passages: 1))
            #expect(abs(Double(weight) - expected * expected) < 1e-4 * max(1, expected * expected))
            if expected > 0 { positive += 1 }
        }
        // Both sides of the cut at zero were met.
        #expect((200...1800).contains(positive))
    }

    @Test("Exponent and smoothing") func options() {
        var weighting = KeyWeighting()
        weighting.exponent = 1
        weighting.smoothing = 0
        let expected = direct(logProb: -2, count: 3, corpusTokens: 1000, smoothing: 0)
        #expect(
            abs(Double(weighting.weight(logProb: -2, count: 3, corpus: .init(tokens: 1000, passages: 1))) - expected)
                < 1e-5)
        weighting.exponent = 3
        #expect(
            abs(
                Double(weighting.weight(logProb: -2, count: 3, corpus: .init(tokens: 1000, passages: 1)))
                    - pow(expected, 3)) < 1e-3)
    }

    @Test("With draws a key is weighed as what a passage holds") func draws() {
        var random = SeededGenerator(seed: 2)
        var weighting = KeyWeighting()
        weighting.exponent = 1
        for _ in 0..<500 {
            let size = CorpusSize(tokens: Int.random(in: 1_000...1_000_000, using: &random), passages: 100)
            let count = Int.random(in: 1...size.tokens / 50, using: &random)
            let logProb = Float.random(in: -18 ... -0.01, using: &random)
            weighting.draws = Float(Int.random(in: 1...40, using: &random))
            let prior = (Double(count) + 5) / (Double(size.tokens) + 5)
            let relevant = 1 - pow(1 - exp(Double(logProb)), Double(weighting.draws))
            let any = 1 - pow(1 - prior, Double(size.tokens) / 100)
            let expected = max(0, log(relevant / any))
            let weight = weighting.weight(logProb: logProb, count: count, corpus: size)
            #expect(abs(Double(weight) - expected) < 1e-3 * max(1, expected))
            // Up to the least log-probability nothing weighs anything, above it what occurs once does.
            let least = weighting.leastLogProb(size)
            #expect(weighting.weight(logProb: least - 0.01, count: 1, corpus: size) == 0)
            #expect(weighting.weight(logProb: min(least + 0.01, 0), count: 1, corpus: size) > 0)
        }
    }

    @Test("What has no odds weighs nothing, and certainty is finite") func edges() {
        let weighting = KeyWeighting()
        #expect(weighting.weight(logProb: -0.1, count: 0, corpus: .init(tokens: 100, passages: 1)) == 0)
        #expect(weighting.weight(logProb: -0.1, count: 100, corpus: .init(tokens: 100, passages: 1)) == 0)
        #expect(weighting.weight(logProb: -0.1, count: 101, corpus: .init(tokens: 100, passages: 1)) == 0)
        #expect(weighting.weight(logProb: -.infinity, count: 1, corpus: .init(tokens: 100, passages: 1)) == 0)
        let certain = weighting.weight(logProb: 0, count: 1, corpus: .init(tokens: 100, passages: 1))
        #expect(
            certain.isFinite
                && certain > weighting.weight(logProb: -0.1, count: 1, corpus: .init(tokens: 100, passages: 1)))
    }

    @Test("More probable and rarer keys weigh more") func order() {
        let weighting = KeyWeighting()
        for step in 1..<20 {
            let logProb = -0.3 * Float(step)
            let weight = weighting.weight(logProb: logProb, count: 10, corpus: .init(tokens: 100_000, passages: 1))
            #expect(
                weight
                    > weighting.weight(logProb: logProb - 0.3, count: 10, corpus: .init(tokens: 100_000, passages: 1)))
            #expect(weight > weighting.weight(logProb: logProb, count: 20, corpus: .init(tokens: 100_000, passages: 1)))
        }
    }
}
