import Corpora
import Evaluation
import Memory
import Testing

@Suite struct CorrectionTests {
    private func expectEqual(_ first: [Double], _ second: [Double]) {
        #expect(first.count == second.count && zip(first, second).allSatisfy { abs($0 - $1) < 1e-12 }, "\(first)")
    }

    @Test("Values by hand") func byHand() {
        let p = [0.01, 0.04, 0.03, 0.005]
        // In rising order: .005 · 4, .01 · 3, .03 · 2, .04 · 1, where none is less than the one before.
        expectEqual(Correction.holm.adjusted(p), [0.03, 0.06, 0.06, 0.02])
        expectEqual(Correction.bonferroni.adjusted(p), [0.04, 0.16, 0.12, 0.02])
        expectEqual(Correction.none.adjusted(p), p)
        expectEqual(Correction.holm.adjusted([0.6, 0.9]), [1, 1])
        for correction in Correction.allCases {
            #expect(correction.adjusted([]) == [])
            #expect(correction.adjusted([0.02]) == [0.02])
        }
    }

    @Test("Holm rejects what its step-down rule rejects", arguments: [1, 2, 3, 8, 21]) func stepDown(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for _ in 0..<50 {
            let p = (0..<count).map { _ in generator.unit() * generator.unit() * 0.2 }
            // Walk up from the least and stop at the first that is not below α over the number that is left.
            var rejected: Set<Int> = []
            for (step, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
                guard p[place] < 0.05 / Double(count - step) else { break }
                rejected.insert(place)
            }
            #expect(
                Set(Correction.holm.adjusted(p).indices.filter { Correction.holm.adjusted(p)[$0] < 0.05 }) == rejected)
        }
    }

    /// All permutations of a query's values.
    private func permutations(_ values: [Double]) -> [[Double]] {
        guard values.count > 1 else { return [values] }
        return values.indices.flatMap { place in
            var rest = values
            let value = rest.remove(at: place)
            return permutations(rest).map { [value] + $0 }
        }
    }

    @Test("Tukey's p values are those of all permutations") func tukey() {
        let values = [[0.2, 0.5, 0.1, 0.4], [0.6, 0.4, 0.3, 0.5], [0.7, 0.9, 0.8, 0.6]]
        var largest: [Double] = []
        /// The sums of every choice of one permutation a query.
        func collect(_ query: Int, _ sums: [Double]) {
            guard query < 4 else {
                largest.append((sums.max()! - sums.min()!) / 4)
                return
            }
            for permutation in permutations(values.map { $0[query] }) {
                collect(query + 1, zip(sums, permutation).map { $0 + $1 })
            }
        }
        collect(0, [0, 0, 0])
        #expect(largest.count == 6 * 6 * 6 * 6)
        let test = TukeyHSD(values, rounds: 20_000, seed: 3)
        let means = values.map { $0.reduce(0, +) / 4 }
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            let observed = abs(means[first] - means[second])
            let exact = Double(largest.count { $0 >= observed - 1e-12 }) / Double(largest.count)
            #expect(abs(test.p(first, second) - exact) < 0.015, "\(test.p(first, second)) \(exact)")
            #expect(test.p(first, second) == test.p(second, first))
        }
        #expect(test.p(0, 0) == 1)
        #expect(test == TukeyHSD(values, rounds: 20_000, seed: 3))
        #expect(test != TukeyHSD(values, rounds: 20_000, seed: 4))
    }

    @Test("With two runs it is the paired randomisation test") func twoRuns() {
        let first: [Double] = (0..<30).map { Double($0 * 37 % 11) / 11 }
        let second: [Double] = first.enumerated().map { place, value in value + Double(place % 5) / 20 - 0.09 }
        let p = TukeyHSD([first, second]).p(0, 1)
        #expect(abs(p - Significance.randomisation(first, second)) < 0.015)
        #expect(p > 0.02 && p < 0.9)
        // Runs without a difference, and none at all.
        #expect(TukeyHSD([first, first]).p(0, 1) == 1)
        #expect(TukeyHSD([[], []]).p(0, 1) == 1)
    }

    @Test("A table says which correction holds, and marks by it") func table() {
        var qrels = Qrels()
        var runs = ["first", "second", "third", "fourth"].map { TRECRun(tag: $0) }
        for number in 0..<24 {
            let query: Identifier = "q\(number)"
            qrels.set(1, query: query, passage: "x")
            // The second is better on seven queries of 24 and never worse: p is about .015.
            let finds = [false, number < 7, number % 2 == 0 && number < 3, true]
            for (place, isFound) in finds.enumerated() {
                runs[place].set([.init(passage: isFound ? "x" : "y", score: 1)], query: query)
            }
        }
        let evaluator = Evaluator(qrels: qrels, options: EvaluationOptions(measures: [.hits(1)]))
        let evaluations = runs.map { evaluator.evaluate($0) }
        func table(_ correction: Correction) -> ComparisonTable {
            ComparisonTable(evaluations, test: .randomisation, correction: correction)
        }
        let plain = table(.none)
        #expect(plain.p[0][0] > 0.01 && plain.p[0][0] < 0.02)
        #expect(plain.p.map { $0[0] } == plain.comparisons.map { $0[0].randomisationP })
        for correction in [Correction.holm, .bonferroni] {
            #expect(table(correction).p.map { $0[0] } == correction.adjusted(plain.p.map { $0[0] }))
        }
        #expect(table(.bonferroni).p[0][0] > 0.03)
        // All runs permuted together: the fourth's large differences leave the second's to chance.
        #expect(table(.tukey).p[0][0] > 0.05 && table(.tukey).p[2][0] < 0.01)
        #expect(plain.text.contains("not corrected for several comparisons"))
        #expect(table(.holm).text.contains("corrected for 3 comparisons by Holm's method, each measure by itself"))
        #expect(table(.tukey).text.contains("Tukey's HSD"))
    }
}
