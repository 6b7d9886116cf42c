/// A value with the ends of its interval.
package struct Interval: Sendable, Hashable, Codable {
    package var value: Double
    package var low: Double
    package var high: Double

    package init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
    }

    /// Half of its width: what stands behind ±.
    package var halfWidth: Double { (high - low) / 2 }

    /// Whether zero lies outside.
    package var excludesZero: Bool { low > 0 || high < 0 }

    package static prefix func - (interval: Interval) -> Interval {
        Interval(value: -interval.value, low: -interval.high, high: -interval.low)
    }

    /// The same about its value, wider by an independent standard deviation (1.96 of them to each side).
    package func widened(bySpread spread: Double) -> Interval {
        let more = 1.96 * spread
        let down = ((value - low) * (value - low) + more * more).squareRoot()
        let up = ((high - value) * (high - value) + more * more).squareRoot()
        return Interval(value: value, low: value - down, high: value + up)
    }
}
