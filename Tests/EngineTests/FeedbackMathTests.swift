import Engine
import Memory
import Search
import Testing

/// The formulas of feedback on a corpus of three passages, counted by hand, and on random vectors.
@Suite struct FeedbackMathTests {
    /// With ties, and terms that fall to the cut of each passage to two.
    private static let passages: [(frequencies: [String: Int], score: Double)] = [
        (["wing": 3, "flow": 2, "tail": 1], 2), (["flow": 4, "heat": 2, "wing": 1], 1), (["heat": 1, "tail": 1], 0.5),
    ]

    private func expect(_ weights: [String: Double], _ expected: [String: Double]) {
        #expect(Set(weights.keys) == Set(expected.keys))
        for (term, weight) in expected { #expect(abs((weights[term] ?? -9) - weight) < 1e-6, "\(term)") }
    }

    @Test("RM3: each passage is cut to its heaviest terms before they are summed") func rm3() {
        // wing 3/5·2 = 1.2; flow 2/5·2 + 4/6·1 = 22/15; heat 2/6·1 + 1/2·.5 and tail 1/2·.5 fall to the cut.
        let model = RM3Feedback.model(of: Self.passages, terms: 2)
        expect(model, ["flow": 0.55, "wing": 0.45])
        // Uncut passages would give wing 2·3/6 + 1/7 and flow 2·2/6 + 4/7.
        expect(
            RM3Feedback.model(of: Self.passages, terms: 9).filter { ["wing", "flow"].contains($0.key) },
            ["wing": (1 + 1.0 / 7) / 3.5, "flow": (2.0 / 3 + 4.0 / 7) / 3.5])
        let query = WeightedTerms(counting: ["wing", "lift"])
        expect(RM3Feedback.mixed(query, model, weight: 0.5), ["wing": 0.95, "lift": 0.5, "flow": 0.55])
        expect(RM3Feedback.mixed(query, model, weight: 1), ["wing": 1, "lift": 1, "flow": 0])
        // A passage without a score, or without a term, says nothing.
        #expect(RM3Feedback.model(of: [([:], 1), (["a": 1], 0)], terms: 2).isEmpty)
        #expect(RM3Feedback.model(of: [], terms: 2).isEmpty)
        // Of equal terms the first by their bytes.
        expect(RM3Feedback.model(of: [(["b": 1, "a": 1, "c": 1], 1)], terms: 2), ["a": 0.5, "b": 0.5])
    }

    @Test("Rocchio's of terms: passages of length one, cut after they are summed") func rocchio() {
        // flow 2/√14 + 4/√21, heat 2/√21 + 1/√2; wing 3/√14 + 1/√21 and tail fall to the cut.
        let (flow, heat) = (1.4073938, 1.1435426)
        let length = (flow * flow + heat * heat).squareRoot()
        let mean = RocchioFeedback.mean(of: Self.passages.map { ($0.frequencies, 1) }, terms: 2)
        expect(mean, ["flow": flow / length, "heat": heat / length])
        let query = WeightedTerms(counting: ["flow", "flow", "lift"])
        let mixed = RocchioFeedback.mixed(query, ["flow": 1], ["lift": 0.6, "tail": 0.8], weight: 0.25)
        let own = 5.0.squareRoot()
        // α = .25, β = .75, γ = .15.
        expect(mixed, ["flow": 0.5 + 0.75 * own, "lift": 0.25 - 0.15 * own * 0.6, "tail": -0.15 * own * 0.8])
        expect(RocchioFeedback.mixed(query, ["flow": 1], [:], weight: 1), ["flow": 2, "lift": 1])
        // Trust counts passages, not lengths.
        expect(
            RocchioFeedback.mean(of: [(["a": 9], 1), (["b": 1], 0.5)], terms: 9),
            ["a": 2 / 5.0.squareRoot(), "b": 1 / 5.0.squareRoot()])
        #expect(RocchioFeedback.mean(of: [([:], 1), (["a": 1], 0)], terms: 9).isEmpty)
    }

    @Test("Targets have the mean and the range of the products") func targets() {
        let targets = RefitFeedback.targets([-3, 1, -1], [0.5, 0.3, 0.4])
        #expect(zip(targets, [0.3, 0.5, 0.4]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(RefitFeedback.targets([2, 2], [0.5, 0.3]) == [0.5, 0.3])
    }

    @Test("ReFIT's query is where the ridge objective has no slope", arguments: [1, 2, 7])
    func refit(rows: Int) {
        var random = SeededGenerator(seed: UInt64(rows))
        func vector() -> [Double] { (0..<6).map { _ in random.unit() - 0.5 } }
        let (query, passages, ridge) = (vector(), (0..<rows).map { _ in vector() }, 0.3)
        let targets = passages.map { _ in random.unit() }
        let fitted = RefitFeedback.fitted(query, passages, targets, ridge: ridge, share: 1)
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }
        // Half the gradient of |D q' - y|² + λ |q' - q|².
        for place in query.indices {
            let slope = zip(passages, targets).map { (product($0, fitted) - $1) * $0[place] }.reduce(0, +)
            #expect(abs(slope + ridge * (fitted[place] - query[place])) < 1e-10)
        }
        #expect(RefitFeedback.fitted(query, passages, targets, ridge: ridge, share: 0) == query)
    }
}
