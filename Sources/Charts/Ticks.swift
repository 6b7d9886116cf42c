import Foundation

/// Places of an axis where a label stands: 1, 2 and 5 times powers of ten.
package enum Ticks {
    /// Multiples of 1, 2 or 5 times a power of ten inside a range, at most `most` of them and at least two where the
    /// range is not empty.
    package static func linear(_ range: ClosedRange<Double>, most: Int) -> [Double] {
        let step = linearStep(range, most: most)
        guard step > 0 else { return [range.lowerBound] }
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard last >= first, last - first < 1000 else { return [range.lowerBound] }
        return (0...Int(last - first)).map { multiple(first + Double($0), of: step) }
    }

    /// The least step of the 1-2-5 series with at most `most` ticks in a range; 0 for an empty one.
    package static func linearStep(_ range: ClosedRange<Double>, most: Int) -> Double {
        let width = range.upperBound - range.lowerBound
        guard width > 0, width.isFinite else { return 0 }
        var exponent = Int(Foundation.log10(width).rounded(.down)) - 2
        while true {
            for mantissa in [1.0, 2, 5] {
                let step = mantissa * power(exponent)
                if width / step <= Double(max(most, 2) - 1) + 1e-9 { return step }
            }
            exponent += 1
        }
    }

    /// 1, 2 and 5 times powers of ten inside a positive range; only 1 and 3 (for 1 and √10), or every n-th power, where
    /// these would be more than `most`.
    package static func logarithmic(_ range: ClosedRange<Double>, most: Int) -> [Double] {
        guard range.lowerBound > 0, range.upperBound > range.lowerBound else { return [range.lowerBound] }
        let low = Int(Foundation.log10(range.lowerBound).rounded(.down)) - 1
        let high = Int(Foundation.log10(range.upperBound).rounded(.up)) + 1
        let inside = { (value: Double) in
            value >= range.lowerBound * (1 - 1e-9) && value <= range.upperBound * (1 + 1e-9)
        }
        for mantissas in [[1.0, 2, 5], [1.0]] {
            let ticks = (low...high).flatMap { exponent in mantissas.map { $0 * power(exponent) } }.filter(inside)
            if ticks.count <= most, ticks.count >= 2 { return ticks }
        }
        for stride in 2...max(2, high - low) {
            let ticks = (low...high).filter { $0 % stride == 0 }.map(power).filter(inside)
            if ticks.count <= most, ticks.count >= 2 { return ticks }
        }
        // Less than a decade between two powers of ten.
        return linear(range, most: most)
    }

    /// Ten to a whole power; exact where that can be.
    static func power(_ exponent: Int) -> Double {
        var value = 1.0
        for _ in 0..<exponent.magnitude { value *= 10 }
        return exponent < 0 ? 1 / value : value
    }

    /// A multiple of a step without the dust of binary fractions: 3 × 0.1 is 0.3.
    private static func multiple(_ count: Double, of step: Double) -> Double {
        step < 1 ? count / (1 / step).rounded() : count * step
    }
}
