import Synchronization

/// Lets each token ask so many times a second, and twice as many at once: a bucket that fills steadily.
package final class RateLimiter: Sendable {
    private let rate: Double
    private let buckets = Mutex<[String: (level: Double, since: ContinuousClock.Instant)]>([:])

    package init(rate: Double) { self.rate = rate }

    /// - Returns: nil where the request may go on, else the seconds after which it may.
    package func wait(for name: String, now: ContinuousClock.Instant = .now) -> Double? {
        buckets.withLock { buckets in
            let full = max(1, 2 * rate)
            let known = buckets[name] ?? (full, now)
            let level = min(full, known.level + rate * ((now - known.since) / .seconds(1)))
            guard level >= 1 else {
                buckets[name] = (level, now)
                return (1 - level) / rate
            }
            buckets[name] = (level - 1, now)
            return nil
        }
    }
}
