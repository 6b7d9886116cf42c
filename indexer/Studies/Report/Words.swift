import Charts

/// Numbers in sentences.
enum Words {
    /// A part of one with its interval.
    static func value(_ interval: Interval) -> String {
        let ends = ChartNumber.fixed(interval.low, 3) + ", " + ChartNumber.fixed(interval.high, 3)
        return "\(ChartNumber.fixed(interval.value, 3)) [\(ends)]"
    }

    /// A difference in points with half of its interval, and its sign.
    static func points(_ interval: Interval) -> String {
        (interval.value > 0 ? "+" : "") + points(interval.value, interval.halfWidth)
    }

    /// The same without its sign.
    static func distance(_ interval: Interval) -> String {
        points(interval.value.magnitude, interval.halfWidth)
    }

    private static func points(_ value: Double, _ halfWidth: Double) -> String {
        // A narrow interval has a digit more.
        let decimals = halfWidth < 0.00095 ? 2 : 1
        let ends = [value, halfWidth].map { ChartNumber.fixed($0 * 100, decimals) }
        return "\(ends[0])\u{00A0}±\u{00A0}\(ends[1]) points"
    }

    static func milliseconds(_ value: Double) -> String { ChartNumber.significant(value, 3) + "\u{00A0}ms" }

    /// A time in the unit that suits it.
    static func seconds(_ value: Double) -> String {
        if value < 1 { return ChartNumber.significant(value * 1000, 3) + "\u{00A0}ms" }
        if value < 120 { return ChartNumber.significant(value, 3) + "\u{00A0}s" }
        if value < 7200 { return ChartNumber.significant(value / 60, 3) + "\u{00A0}min" }
        return ChartNumber.significant(value / 3600, 3) + "\u{00A0}h"
    }

    /// Names with commas and an "and".
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
