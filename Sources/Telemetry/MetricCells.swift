import CoreMetrics
import Synchronization

/// A number that threads change: a counter's or a gauge's.
final class SharedNumber: CounterHandler, MeterHandler, RecorderHandler {
    private let number = Mutex(0.0)

    var value: Double { number.withLock { $0 } }

    func increment(by amount: Int64) { number.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
    func reset() { number.withLock { $0 = 0 } }
    func set(_ value: Int64) { number.withLock { $0 = Double(value) } }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// How often values fell between bounds.
final class Histogram: TimerHandler, RecorderHandler {
    private let cells = Mutex((counts: [Int](repeating: 0, count: PrometheusMetrics.buckets.count + 1), sum: 0.0))

    /// Values up to each bound and above the last, and the sum of all.
    var state: (counts: [Int], sum: Double) { cells.withLock { $0 } }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let buckets = PrometheusMetrics.buckets
        let place = buckets.firstIndex { value <= $0 } ?? buckets.count
        cells.withLock { cells in
            cells.counts[place] += 1
            cells.sum += value
        }
    }
}
