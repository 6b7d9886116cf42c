import Corpora
import Evaluation
import Testing

@Suite("Two judges") struct GradeAgreementTests {
    private func qrels(_ grades: [Int]) -> Qrels {
        var qrels = Qrels()
        for (place, grade) in grades.enumerated() {
            qrels.set(grade, query: Identifier("q\(place % 3)"), passage: Identifier("p\(place)"))
        }
        return qrels
    }

    /// Figures of a table of 50 pairs that is worked out in many places: both yes 20, both no 15, others 5 and 10; kappa 0.4.
    @Test("Cohen's kappa of a known table") func known() throws {
        let first = [Int](repeating: 1, count: 25) + [Int](repeating: 0, count: 25)
        let second =
            [Int](repeating: 1, count: 20) + [Int](repeating: 0, count: 5) + [Int](repeating: 1, count: 10)
            + [Int](repeating: 0, count: 15)
        let agreement = GradeAgreement(qrels(first), qrels(second))
        #expect(agreement.pairs == 50 && agreement.grades == [0, 1] && agreement.counts == [[15, 10], [5, 20]])
        #expect(abs(try #require(agreement.kappa) - 0.4) < 1e-12)
        #expect(agreement.kappa == agreement.weightedKappa)
        #expect(agreement.kappa == agreement.binaryKappa(level: 1, other: 1))
        #expect(abs(try #require(agreement.areaUnderCurve(level: 1)) - 0.7) < 1e-12)
    }

    @Test("Against the definitions, on random grades", arguments: 1..<20) func definitions(seed: UInt64) throws {
        var state = seed
        func draw(_ count: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % count)
        }
        let count = 5 + draw(60)
        let (first, second) = ((0..<count).map { _ in draw(4) }, (0..<count).map { _ in draw(3) })
        let agreement = GradeAgreement(qrels(first), qrels(second))
        func kappa(_ weight: (Int, Int) -> Double) -> Double {
            let observed = zip(first, second).reduce(0) { $0 + weight($1.0, $1.1) } / Double(count)
            var expected = 0.0
            for own in first { for other in second { expected += weight(own, other) } }
            return 1 - observed / (expected / Double(count * count))
        }
        #expect(abs(try #require(agreement.kappa) - kappa { $0 == $1 ? 0 : 1 }) < 1e-9)
        #expect(abs(try #require(agreement.weightedKappa) - kappa { Double(($0 - $1) * ($0 - $1)) }) < 1e-9)
        #expect(
            abs(try #require(agreement.binaryKappa(level: 2, other: 1)) - kappa { ($0 >= 2) == ($1 >= 1) ? 0 : 1 })
                < 1e-9)
        var (wins, pairs) = (0.0, 0.0)
        for (own, score) in zip(first, second) where own >= 2 {
            for (other, lower) in zip(first, second) where other < 2 {
                wins += score > lower ? 1 : score == lower ? 0.5 : 0
                pairs += 1
            }
        }
        #expect(abs(try #require(agreement.areaUnderCurve(level: 2)) - wins / pairs) < 1e-9)
    }

    @Test("Judges with nothing in common, or with one grade") func nothing() {
        let none = GradeAgreement(qrels([1, 0]), Qrels())
        #expect(none.pairs == 0 && none.kappa == nil && none.areaUnderCurve(level: 1) == nil)
        let same = GradeAgreement(qrels([1, 1]), qrels([1, 1]))
        #expect(same.pairs == 2 && same.kappa == nil)
    }
}
