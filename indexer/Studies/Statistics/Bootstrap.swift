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
        let means = resampled(rounds: rounds, seed: seed) { generator in
            values.withUnsafeBufferPointer { resampledMean(of: $0, &generator) }
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
        let draws = resampled(rounds: rounds, seed: seed) { generator in
            resampledQuantile(at: place, of: sorted, &generator)
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

    /// The mean of as many values as there are, drawn with replacement.
    private static func resampledMean(of values: UnsafeBufferPointer<Double>, _ generator: inout SeededGenerator)
        -> Double
    {
        let count = UInt64(values.count)
        // One draw of 64 bits gives two places, and two sums wait less for each other.
        var (even, odd) = (0.0, 0.0)
        for _ in 0..<values.count / 2 {
            let bits = generator.next()
            even += values[Int(((bits & 0xFFFF_FFFF) &* count) >> 32)]
            odd += values[Int(((bits >> 32) &* count) >> 32)]
        }
        if values.count % 2 == 1 { even += values[Int(((generator.next() >> 32) &* count) >> 32)] }
        return (even + odd) / Double(values.count)
    }

    /// The value at a place of as many values as there are, drawn with replacement.
    ///
    /// The values are sorted, so that counting places gives the order of what was drawn.
    private static func resampledQuantile(
        at place: Int, of values: [Double], _ generator: inout SeededGenerator
    ) -> Double {
        let count = UInt64(values.count)
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: values.count) { counts in
            counts.initialize(repeating: 0)
            for _ in 0..<values.count / 2 {
                let bits = generator.next()
                counts[Int(((bits & 0xFFFF_FFFF) &* count) >> 32)] += 1
                counts[Int(((bits >> 32) &* count) >> 32)] += 1
            }
            if values.count % 2 == 1 { counts[Int(((generator.next() >> 32) &* count) >> 32)] += 1 }
            var seen = 0
            for index in values.indices {
                seen += Int(counts[index])
                if seen > place { return values[index] }
            }
            return values[values.count - 1]
        }
    }

    /// A figure of each resample, in order of rounds.
    private static func resampled(
        rounds: Int, seed: UInt64, _ figure: @Sendable (_ generator: inout SeededGenerator) -> Double
    ) -> [Double] {
        let pieces = (rounds + grain - 1) / grain
        let results = PieceResults(count: pieces)
        Parallel.forEach(count: pieces) { piece in
            var generator = SeededGenerator(seed: seed, stream: UInt64(piece) + 1)
            results.set(piece, (piece * grain..<min(rounds, (piece + 1) * grain)).map { _ in figure(&generator) })
        }
        return results.all()
    }
}
