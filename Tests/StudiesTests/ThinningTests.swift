import Evaluation
import Foundation
import Memory
import Studies
import Testing

@Suite struct ThinningTests {
    static let measures: [Measure] = [.hits(1), .hits(10), .recipRankCut(10), .ndcgCut(10), .recall(100), .recipRank]

    @Test func lawIsTheHypergeometric() {
        // All ways to draw, counted.
        let law = Hypergeometric(total: 9, marked: 4, drawn: 5)
        var counts = [Double](repeating: 0, count: 5)
        for choice in 0..<512 where choice.nonzeroBitCount == 5 { counts[(choice & 15).nonzeroBitCount] += 1 }
        let all = counts.reduce(0, +)
        #expect(law.support == 0...4)
        for (number, chance) in law.probabilities(upTo: 4).enumerated() {
            #expect((chance - counts[number] / all).magnitude < 1e-12)
        }
        #expect(Hypergeometric(total: 5, marked: 4, drawn: 3).support == 2...3)
        #expect(Hypergeometric(total: 0, marked: 0, drawn: 0).probabilities(upTo: 3) == [1])
    }

    @Test func chancesSumToOne() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<300 {
            let total = 1 + Int(random.next() % 2_000_000)
            let marked = Int(random.next() % UInt64(min(total, 1500) + 1))
            let law = Hypergeometric(total: total, marked: marked, drawn: Int(random.next() % UInt64(total + 1)))
            let chances = law.probabilities(upTo: marked)
            #expect((chances.reduce(0, +) - 1).magnitude < 1e-6)
        }
    }

    /// Samples drawn again and again, and lists cut by hand.
    @Test(arguments: measures) func agreesWithSimulation(_ measure: Measure) throws {
        let gain = try #require(RankGain(measure))
        let (size, judged, smaller) = (500, 40, 160)
        let ranks: [Int?] = [1, 2, 5, 12, 40, 90, 200]
        let judgedAbove = [0, 1, 0, 3, 2, 10, 20]
        let sample = Thinning(ranks: ranks, judgedAbove: judgedAbove, depth: 300, size: size, judged: judged)
        let expected = sample.expected(gain, at: smaller)
        var random = SeededGenerator(seed: 6)
        var sums = [Double](repeating: 0, count: ranks.count)
        let rounds = 4000
        for _ in 0..<rounds {
            // The first distractors are those above each passage.
            let kept = random.sample(smaller - judged, of: size - judged)
            for query in ranks.indices {
                let above = (ranks[query] ?? 0) - 1 - judgedAbove[query]
                sums[query] += gain.value(1 + judgedAbove[query] + kept.count { $0 < above })
            }
        }
        for query in ranks.indices {
            #expect((sums[query] / Double(rounds) - expected[query].lowerBound).magnitude < 0.02)
            #expect(expected[query].lowerBound == expected[query].upperBound)
        }
    }

    @Test func endsAreWhatIsKnown() throws {
        let ranks: [Int?] = [1, 3, 11, nil]
        let sample = Thinning(ranks: ranks, judgedAbove: nil, depth: 100, size: 10_000, judged: 0)
        let gain = try #require(RankGain(.hits(10)))
        // The whole sample gives the ranks themselves; one passage alone is always first.
        for (value, truth) in zip(sample.expected(gain, at: 10_000), [1.0, 1, 0, 0]) {
            #expect((value.lowerBound - truth).magnitude < 1e-9)
        }
        #expect(sample.expected(gain, at: 1).prefix(3).allSatisfy { $0.lowerBound == 1 })
        // What was not found has bounds.
        let unknown = sample.expected(gain, at: 500)[3]
        #expect(unknown.lowerBound == 0 && unknown.upperBound > 0.5)
        #expect(RankGain(.bpref) == nil)
    }

    @Test func smallerSamplesAreEasier() throws {
        let study = SyntheticStudy(queries: 60, sizes: [1000, 10_000, 100_000])
        let cells = study.cells().filter { $0.options.retriever == "dense" && $0.options.others.isEmpty }
        let largest = try #require(cells.last)
        let ranks = try #require(largest.ranks)
        let sample = Thinning(
            ranks: ranks.best, judgedAbove: ranks.judgedAbove, depth: 1000, size: 100_000, judged: largest.sample.judged
        )
        for measure in [Measure.hits(1), .hits(10), .recipRankCut(10), .ndcgCut(10)] {
            let gain = try #require(RankGain(measure))
            var before = 1.0
            for size in [1000, 3000, 10_000, 30_000, 100_000] {
                let mean = sample.mean(gain, at: size).lowerBound
                #expect(mean <= before + 1e-9)
                before = mean
            }
            // The samples of the study are nested, and their distractors random.
            for cell in cells {
                let measured = try #require(cell.quality[measure.description])
                let computed = sample.mean(gain, at: cell.sample.size)
                #expect(computed.lowerBound - 0.06 < measured.mean && measured.mean < computed.upperBound + 0.06)
            }
        }
    }
}
