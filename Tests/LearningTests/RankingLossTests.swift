import Foundation
import Learning
import Memory
import Tensors
import TestSupport
import Testing

@Suite("Losses of rankings") struct RankingLossTests {
    /// Scores and grades of a few queries; the sizes hold one candidate, none relevant, and all relevant.
    private struct Sample {
        var (scores, grades, sizes): ([Double], [Double], [Int]) = ([], [], [1, 2, 5, 7, 3, 4])

        init(seed: UInt64, grades most: Int = 2) {
            var random = SeededGenerator(seed: seed)
            for (query, size) in sizes.enumerated() {
                for _ in 0..<size {
                    scores.append(4 * random.unit() - 2)
                    grades.append(query == 4 ? 0 : query == 5 ? 1 : Double(Int.random(in: 0...most, using: &random)))
                }
            }
        }

        var queries: Sequences { Sequences(lengths: sizes) }
    }

    private static let smooth = ["contrastive", "sft", "ranknet", "lambda"]

    @Test("The slope is that of finite differences", arguments: smooth, [1, 2, 3] as [UInt64])
    func differences(name: String, seed: UInt64) throws {
        let loss = try #require(RankingLosses.named(name))
        let sample = Sample(seed: seed)
        func value(_ scores: [Double]) -> Double {
            var random = SeededGenerator(seed: 1)
            return loss.evaluate(scores, grades: sample.grades, queries: sample.queries, &random).value
        }
        var random = SeededGenerator(seed: 1)
        let (cost, gradient) = loss.evaluate(sample.scores, grades: sample.grades, queries: sample.queries, &random)
        #expect(cost >= 0 && cost.isFinite)
        let step = 1e-5
        for place in sample.scores.indices {
            var (more, less) = (sample.scores, sample.scores)
            more[place] += step
            less[place] -= step
            #expect(abs((value(more) - value(less)) / (2 * step) - gradient[place]) < 1e-6)
        }
    }

    private static func softplus(_ x: Double) -> Double { log(1 + exp(x)) }

    @Test("The values are those of the formulas, written out") func formulas() {
        // Of three candidates the second is right; the scores rank them 3, 1, 2.
        let (scores, grades) = ([0.2, 1.5, 0.9], [0.0, 1.0, 0.0])
        func value(_ name: String) -> Double {
            var random = SeededGenerator(seed: 1)
            return RankingLosses.named(name)?.evaluate(
                scores, grades: grades, queries: Sequences(lengths: [3]), &random
            ).value ?? .nan
        }
        let total = scores.reduce(0) { $0 + exp($1) }
        #expect(abs(value("contrastive") + log(exp(1.5) / total)) < 1e-12)
        // The teacher's order is 2, 1, 3.
        #expect(abs(value("ranknet") - (Self.softplus(0.2 - 1.5) / 3 + Self.softplus(0.9 - 1.5) / 4)) < 1e-12)
        let lambda = abs(1 - 1.0 / 3) * Self.softplus(0.2 - 1.5) + abs(1 - 1.0 / 2) * Self.softplus(0.9 - 1.5)
        #expect(abs(value("lambda") - lambda / 2) < 1e-12)
        // Under the best threshold, found by trying many.
        func twoLabels(_ b: Double) -> Double {
            (Self.softplus(0.2 - b) + Self.softplus(b - 1.5) + Self.softplus(0.9 - b)) / 3
        }
        let least = stride(from: -5.0, to: 5, by: 1e-4).map(twoLabels).min() ?? .nan
        #expect(abs(value("sft") - least) < 1e-7)
    }

    @Test("Nothing to compare costs nothing", arguments: RankingLosses.all.map(\.name)) func flat(name: String) throws {
        let loss = try #require(RankingLosses.named(name))
        for (scores, grades) in [([1.0], [1.0]), ([], []), ([3, 3, 1], [0, 0, 0])] as [([Double], [Double])] {
            var random = SeededGenerator(seed: 1)
            let (value, gradient) = loss.evaluate(
                scores, grades: grades, queries: Sequences(lengths: [scores.count]), &random)
            #expect(value == 0 && gradient.allSatisfy { $0 == 0 })
        }
        // Scores far apart are no trouble.
        var random = SeededGenerator(seed: 1)
        let (value, gradient) = loss.evaluate(
            [900, -900, 0], grades: [0, 1, 0], queries: Sequences(lengths: [3]), &random)
        #expect(value.isFinite && gradient.allSatisfy(\.isFinite))
    }

    /// All orders of 0..<count.
    private static func permutations(_ count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return permutations(count - 1).flatMap { shorter in
            (0...shorter.count).map { place in
                var order = shorter
                order.insert(count - 1, at: place)
                return order
            }
        }
    }

    /// The mean nDCG over all rankings, by their probabilities.
    private static func utility(_ scores: [Double], _ grades: [Double]) -> Double {
        func gain(_ order: [Int]) -> Double {
            order.enumerated().reduce(0) { $0 + grades[$1.element] / log2(Double($1.offset + 2)) }
        }
        let ideal = gain(grades.indices.sorted { grades[$0] > grades[$1] })
        return permutations(scores.count).reduce(0) { sum, order in
            var probability = 1.0
            for rank in order.indices {
                let left = order[rank...].reduce(0) { $0 + exp(scores[$1]) }
                probability *= exp(scores[order[rank]]) / left
            }
            return sum + probability * gain(order) / ideal
        }
    }

    @Test("Drawn rankings have the slope of the exact mean utility, within chance") func plackettLuce() {
        let (scores, grades) = ([0.3, -0.4, 0.9, 0.1], [1.0, 0.0, 0.0, 2.0])
        var random = SeededGenerator(seed: 7)
        let (value, gradient) = PlackettLuceLoss(samples: 60_000).evaluate(
            scores, grades: grades, queries: Sequences(lengths: [4]), &random)
        #expect(abs(value + Self.utility(scores, grades)) < 3e-3)
        for place in scores.indices {
            var (more, less) = (scores, scores)
            more[place] += 1e-4
            less[place] -= 1e-4
            let exact = (Self.utility(more, grades) - Self.utility(less, grades)) / 2e-4
            #expect(abs(gradient[place] + exact) < 3e-3)
        }
        // A constant added to all scores changes nothing.
        #expect(abs(gradient.reduce(0, +)) < 1e-9)
    }

    @Test(
        "The usual loss is the tape's own, and every loss's slope reaches the scores",
        arguments: RankingLosses.all.map(\.name))
    func onTape(name: String) throws {
        let loss = try #require(RankingLosses.named(name))
        let sample = Sample(seed: 4)
        let tape = Tape(team: ThreadTeam(threads: 1))
        let parameter = Parameter(name: "scores", shape: [sample.scores.count, 1])
        parameter.update { for (place, score) in sample.scores.enumerated() { $0[place] = Float(score) } }
        let x = tape.all(parameter)
        let cost = tape.ranking(
            x, within: sample.queries, grades: sample.grades.map(Float.init), by: loss, seed: 3)
        tape.backward(cost)
        var random = SeededGenerator(seed: 3, stream: 31)
        let expected = loss.evaluate(
            sample.scores.map { Double(Float($0)) }, grades: sample.grades, queries: sample.queries, &random)
        #expect(abs(tape.number(cost) - Float(expected.value)) < 1e-5)
        let slopes = parameter.gradientMatrix.values
        for (slope, other) in zip(slopes, expected.gradient) { #expect(abs(Double(slope) - other) < 1e-5) }
    }
}
