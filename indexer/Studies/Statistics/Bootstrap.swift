import Memory

/// Intervals of means and quantiles by drawing queries again and again (Efron's percentile interval).
///
/// The same seed gives the same interval, whatever the number of threads.
package enum Bootstrap {
    package static let rounds = 10_000
    package static let seed: UInt64 = 1
    package static let confidence = 0.95

    /// Rounds of one piece of work; the pieces, not the threads, decide which random numbers are drawn.
    private static let grain = 500

    /// The mean of values with its interval. A single value or none has an interval without width.
    ///
    /// - Complexity: O(values × rounds).
    package static func mean(
        _ values: [Double], rounds: Int = rounds, seed: UInt64 = seed, confidence: Double = confidence
    ) -> Interval {
        let mean = average(values)
        guard let first = values.first, values.contains(where: { $0 != first }) else {
            return Interval(value: mean, low: mean, high: mean)
        }
        let means = resampled(values.count, rounds: rounds, seed: seed) { draw in
            var sum = 0.0
            values.withUnsafeBufferPointer { values in draw { sum += values[$0] } }
            return sum / Double(values.count)
        }
        return interval(mean, of: means, confidence: confidence)
    }

    /// A quantile of values (the least value with at least this part at or below it), with its interval.
    ///
    /// - Complexity: O(values × rounds).
    package static func quantile(
        _ values: [Double], _ part: Double, rounds: Int = rounds, seed: UInt64 = seed, confidence: Double = confidence
    ) -> Interval {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return Interval(value: 0, low: 0, high: 0) }
        let place = orderPlace(part, count: sorted.count)
        let value = sorted[place]
        guard first != last else { return Interval(value: value, low: value, high: value) }
        let draws = resampled(sorted.count, rounds: rounds, seed: seed) { draw in
            // The values are sorted, so that counting places gives the order of what was drawn.
            var counts = [Int32](repeating: 0, count: sorted.count)
            counts.withUnsafeMutableBufferPointer { counts in draw { counts[$0] += 1 } }
            var seen = 0
            for (index, count) in counts.enumerated() {
                seen += Int(count)
                if seen > place { return sorted[index] }
            }
            return last
        }
        return interval(value, of: draws, confidence: confidence)
    }

    /// The value at a part of a sorted list, as ``quantile(_:_:rounds:seed:confidence:)`` has it.
    package static func value(at part: Double, ofSorted values: [Double]) -> Double {
        values.isEmpty ? 0 : values[orderPlace(part, count: values.count)]
    }

    static func average(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func orderPlace(_ part: Double, count: Int) -> Int {
        min(max(Int((part * Double(count) - 1e-9).rounded(.up)) - 1, 0), count - 1)
    }

    /// The percentile interval of resampled figures about what was observed.
    static func interval(_ value: Double, of draws: [Double], confidence: Double) -> Interval {
        let sorted = draws.sorted()
        let tail = (1 - confidence) / 2
        return Interval(
            value: value, low: self.value(at: tail, ofSorted: sorted), high: self.value(at: 1 - tail, ofSorted: sorted))
    }

    /// A figure of each resample, in order of rounds.
    ///
    /// - Parameter figure: gets a way to draw `count` places of 0..<count.
    static func resampled(
        _ count: Int, rounds: Int, seed: UInt64, _ figure: @Sendable (_ draw: (_ body: (Int) -> Void) -> Void) -> Double
    ) -> [Double] {
        let pieces = (rounds + grain - 1) / grain
        let results = PieceResults(count: pieces)
        Parallel.forEach(count: pieces) { piece in
            var generator = SeededGenerator(seed: seed, stream: UInt64(piece) + 1)
            let figures = (piece * grain..<min(rounds, (piece + 1) * grain)).map { _ in
                figure { body in
                    var left = count
                    while left > 0 {
                        // One draw of 64 bits gives two places.
                        let bits = generator.next()
                        body(Int(((bits & 0xFFFF_FFFF) &* UInt64(count)) >> 32))
                        if left > 1 { body(Int(((bits >> 32) &* UInt64(count)) >> 32)) }
                        left -= 2
                    }
                }
            }
            results.set(piece, figures)
        }
        return results.all()
    }
}
