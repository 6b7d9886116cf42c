import Foundation
import Memory
import Studies
import Testing

@Suite struct BootstrapTests {
    static func values(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in random.unit() * random.unit() }
    }

    @Test func meansHaveTheNormalInterval() {
        for count in [400, 1001] {
            let values = Self.values(count, seed: UInt64(count))
            let mean = values.reduce(0, +) / Double(count)
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
            let error = deviation / Double(count).squareRoot()
            let interval = Bootstrap.mean(values)
            #expect((interval.value - mean).magnitude < 1e-12)
            #expect((interval.low - (mean - 1.96 * error)).magnitude < 0.1 * error)
            #expect((interval.high - (mean + 1.96 * error)).magnitude < 0.1 * error)
        }
    }

    @Test func agreesWithANaiveBootstrap() {
        let values = Self.values(60, seed: 5)
        var random = SeededGenerator(seed: 99)
        let means = (0..<20_000).map { _ in
            (0..<60).reduce(0.0) { sum, _ in sum + values[Int(random.next() % 60)] } / 60
        }.sorted()
        let interval = Bootstrap.mean(values)
        #expect((interval.low - means[500]).magnitude < 0.005)
        #expect((interval.high - means[19_499]).magnitude < 0.005)
    }

    /// The chance that at least `least` of `count` draws have a chance of `part` each.
    private func atLeast(_ least: Int, of count: Int, _ part: Double) -> Double {
        let n = Double(count)
        var sum = 0.0
        for number in least...count {
            let k = Double(number)
            let ways: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
            sum += exp(ways + k * log(part) + (n - k) * log(max(1 - part, 1e-300)))
        }
        return sum
    }

    @Test(arguments: [0.5, 0.95]) func quantilesFollowTheBinomial(_ part: Double) {
        // A resampled k-th value is at most the j-th where at least k draws are among the first j.
        let count = 101
        let values = (1...count).map(Double.init)
        let interval = Bootstrap.quantile(values, part)
        let place = Int((part * Double(count)).rounded(.up))
        #expect(interval.value == Double(place))
        let law = (1..<count).map { atLeast(place, of: count, Double($0) / Double(count)) } + [1]
        let low = Double((law.firstIndex { $0 >= 0.025 } ?? 0) + 1)
        let high = Double((law.firstIndex { $0 >= 0.975 } ?? 0) + 1)
        #expect((interval.low - low).magnitude <= 1)
        #expect((interval.high - high).magnitude <= 1)
    }

    @Test func edgesAndSeeds() {
        #expect(Bootstrap.mean([]) == Interval(value: 0, low: 0, high: 0))
        #expect(Bootstrap.mean([0.5]) == Interval(value: 0.5, low: 0.5, high: 0.5))
        #expect(Bootstrap.mean([1, 1, 1]) == Interval(value: 1, low: 1, high: 1))
        #expect(Bootstrap.quantile([], 0.5).value == 0)
        #expect(Bootstrap.quantile([3, 1, 2], 0.5).value == 2)
        #expect(Bootstrap.quantile([3, 1, 2], 1).value == 3)
        let values = Self.values(50, seed: 1)
        #expect(Bootstrap.mean(values, seed: 4) == Bootstrap.mean(values, seed: 4))
        #expect(Bootstrap.mean(values, seed: 4) != Bootstrap.mean(values, seed: 5))
    }

    @Test func coversTheTruth() {
        var covered = 0
        for trial in 0..<200 {
            let interval = Bootstrap.mean(Self.values(80, seed: UInt64(trial) + 1000), rounds: 1000)
            if interval.low <= 0.25, interval.high >= 0.25 { covered += 1 }
        }
        #expect((178...200).contains(covered), "\(covered) of 200")
    }
}
