import Evaluation
import Foundation
import Memory
import Testing

@Suite struct RankCorrelationTests {
    private struct Correlation: Decodable {
        let first: [Double]
        let second: [Double]
        let tauB: Double
    }

    private struct Figures: Decodable { let correlations: [Correlation] }

    @Test("Kendall's tau is scipy's") func scipy() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let data = try Data(contentsOf: folder.appending(path: "rankings.json"))
        let figures = try JSONDecoder().decode(Figures.self, from: data).correlations
        #expect(figures.count > 6)
        for figure in figures {
            let tau = try #require(KendallTau(figure.first, figure.second).b)
            #expect(abs(tau - figure.tauB) < 1e-12)
        }
    }

    @Test("Pairs are those that all pairs one by one give", arguments: [0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 130])
    func pairs(_ count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for values in [2, 5, 1000] as [UInt64] {
            let first = (0..<count).map { _ in Double(generator.next() % values) }
            let second = (0..<count).map { _ in Double(generator.next() % values) }
            var (concordant, discordant, tiedInFirst, tiedInSecond) = (0, 0, 0, 0)
            for later in first.indices {
                for earlier in 0..<later {
                    let direction = (first[later] - first[earlier]) * (second[later] - second[earlier])
                    if direction > 0 { concordant += 1 }
                    if direction < 0 { discordant += 1 }
                    if first[later] == first[earlier] { tiedInFirst += 1 }
                    if second[later] == second[earlier] { tiedInSecond += 1 }
                }
            }
            let tau = KendallTau(first, second)
            #expect(tau.pairs == count * (count - 1) / 2)
            #expect((tau.concordant, tau.discordant) == (concordant, discordant))
            #expect((tau.tiedInFirst, tau.tiedInSecond) == (tiedInFirst, tiedInSecond))
        }
    }

    @Test("Exact values of tau") func exact() {
        let rising = (0..<10).map(Double.init)
        #expect(KendallTau(rising, rising).a == 1)
        #expect(KendallTau(rising, rising.reversed()).a == -1)
        #expect(KendallTau([1, 2, 3, 4], [1, 2, 4, 3]).a == 4.0 / 6)
        #expect(KendallTau([1, 2], [3, 3]).a == 0)
        #expect(KendallTau([1, 2], [3, 3]).b == nil)
        #expect(KendallTau([1], [1]).a == nil)
        #expect(KendallTau([], []).b == nil)
    }

    @Test("tau_AP weighs the best more") func topHeavy() {
        let reference = [4.0, 3, 2, 1]
        #expect(TauAP.value(reference: reference, estimate: reference) == 1)
        #expect(TauAP.value(reference: reference, estimate: reference.reversed()) == -1)
        // The first two exchanged, the last two exchanged: by the definition, 1/3 and 7/9.
        #expect(abs(TauAP.value(reference: reference, estimate: [3, 4, 2, 1])! - 1.0 / 3) < 1e-15)
        #expect(abs(TauAP.value(reference: reference, estimate: [4, 3, 1, 2])! - 7.0 / 9) < 1e-15)
        #expect(TauAP.value(reference: [1], estimate: [1]) == nil)
        // Ties are ordered by place, in both.
        #expect(TauAP.value(reference: [1, 1, 1], estimate: [3, 2, 1]) == 1)
        #expect(TauAP.value(reference: [1, 1, 1], estimate: [1, 2, 3]) == -1)
    }

    @Test("tau_AP by the probability that it is made of", arguments: 2...12) func literal(_ count: Int) {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<20 {
            let reference = (0..<count).map(Double.init).shuffled(using: &generator)
            let estimate = (0..<count).map(Double.init).shuffled(using: &generator)
            // A random item but the estimate's first, and a random one above it: how often the reference agrees.
            var probability = 0.0
            for item in 0..<count {
                let above = (0..<count).filter { estimate[$0] > estimate[item] }
                guard !above.isEmpty else { continue }
                probability += Double(above.count { reference[$0] > reference[item] }) / Double(above.count)
            }
            let expected = 2 * probability / Double(count - 1) - 1
            #expect(abs(TauAP.value(reference: reference, estimate: estimate)! - expected) < 1e-12)
        }
    }
}
