import Evaluation
import Memory
import Studies
import Testing

@Suite struct DifferenceTests {
    @Test func pairsAreNarrowerThanMeans() {
        var random = SeededGenerator(seed: 8)
        let first = (0..<300).map { _ in random.unit() }
        let second = first.map { min(1, $0 + 0.02 * random.unit()) }
        let result = PairedDifference(first, second)
        #expect(result.difference.excludesZero)
        #expect(result.difference.halfWidth < Bootstrap.mean(second).halfWidth / 5)
        #expect(result.p < 0.001)
        #expect(result.p == Significance.randomisation(first, second))
        #expect(result.wins + result.losses <= 300)
        let back = PairedDifference(second, first)
        #expect((back.difference.value + result.difference.value).magnitude < 1e-12)
    }

    @Test func chanceIsNotFoundOften() {
        var random = SeededGenerator(seed: 9)
        var found = 0
        for _ in 0..<200 {
            let first = (0..<40).map { _ in random.unit() }
            let second = (0..<40).map { _ in random.unit() }
            if PairedDifference(first, second, rounds: 500).p < 0.05 { found += 1 }
        }
        #expect((2...20).contains(found), "\(found) of 200")
    }

    @Test func holmStepsDown() {
        #expect(Holm.adjusted([]) == [])
        #expect(Holm.adjusted([0.04]) == [0.04])
        let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.005])
        for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
            #expect((value - expected).magnitude < 1e-12)
        }
        #expect(Holm.adjusted([0.9, 0.8]) == [1, 1])
    }

    /// By the definition: the closure of all families that contain a test, each by Bonferroni.
    @Test func holmIsTheClosureOfBonferroni() {
        var random = SeededGenerator(seed: 10)
        for _ in 0..<100 {
            let values = (0..<5).map { _ in random.unit() * 0.3 }
            let adjusted = Holm.adjusted(values)
            for test in values.indices {
                var worst = 0.0
                for family in 1..<32 where family >> test & 1 == 1 {
                    let members = values.indices.filter { family >> $0 & 1 == 1 }
                    let least = members.map { values[$0] }.min() ?? 1
                    worst = max(worst, min(1, least * Double(members.count)))
                }
                #expect((adjusted[test] - worst).magnitude < 1e-12)
            }
        }
    }
}
