import Foundation

/// One direction of a plot: what it measures, from where to where, and how its numbers are written.
package struct Axis: Sendable, Hashable {
    package enum Scale: Sendable, Hashable { case linear, logarithmic }

    /// How the numbers at the ticks are written.
    package enum Format: Sendable, Hashable {
        case number
        /// 10k, 1M.
        case count
        /// A part of one, as per cent without the sign.
        case points
    }

    package let title: String
    package let scale: Scale
    package let format: Format
    package let range: ClosedRange<Double>
    /// Places with labels, rising.
    package let ticks: [Double]

    /// An axis that covers all finite values, and ends at ticks where it is linear.
    ///
    /// - Parameter including: values that are covered whatever the others are, such as 0.
    /// - Parameter mostTicks: labels that have room.
    package init(
        _ title: String, scale: Scale = .linear, format: Format = .number, covering values: [Double],
        including: [Double] = [], mostTicks: Int = 6
    ) {
        self.title = title
        self.format = format
        let usable = (values + including).filter { $0.isFinite && (scale == .linear || $0 > 0) }
        var low = usable.min() ?? (scale == .linear ? 0 : 1)
        var high = usable.max() ?? (scale == .linear ? 1 : 10)
        self.scale = scale
        switch scale {
        case .linear:
            if low == high {
                let room = low == 0 ? (format == .points ? 0.01 : 1) : low.magnitude * 0.1
                low -= room
                high += room
            }
            let step = Ticks.linearStep(low...high, most: mostTicks)
            if step > 0 {
                low = min(low, (low / step + 1e-9).rounded(.down) * step)
                high = max(high, (high / step - 1e-9).rounded(.up) * step)
            }
            range = low...high
            ticks = Ticks.linear(range, most: mostTicks + 2)
        case .logarithmic:
            let room = low == high ? 2 : Foundation.pow(high / low, 0.03)
            range = (low / room)...(high * room)
            ticks = Ticks.logarithmic(range, most: mostTicks)
        }
    }

    /// Where a value lies between the ends, 0 to 1; beyond them for values outside.
    package func part(_ value: Double) -> Double {
        switch scale {
        case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic:
            // What has no logarithm stands at the lower end.
            value > 0
                ? Foundation.log(value / range.lowerBound) / Foundation.log(range.upperBound / range.lowerBound) : 0
        }
    }

    /// The label of a tick.
    package func label(_ value: Double) -> String {
        switch format {
        case .count: return ChartNumber.short(value)
        case .points, .number:
            let factor = format == .points ? 100.0 : 1
            let value = value * factor
            guard scale == .linear, ticks.count > 1 else {
                return value.magnitude >= 10_000 ? ChartNumber.short(value) : ChartNumber.significant(value, 4)
            }
            // All labels of a linear axis have the same decimals.
            let step = (ticks[1] - ticks[0]) * factor
            if step >= 1000 { return ChartNumber.short(value) }
            var decimals = 0
            var unit = step
            while decimals < 8, (unit - unit.rounded()).magnitude > 1e-6 * unit {
                unit *= 10
                decimals += 1
            }
            return ChartNumber.fixed(value, decimals)
        }
    }
}
