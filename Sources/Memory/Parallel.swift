import Foundation
import Synchronization

/// Work divided among threads so that its results do not depend on how many there are.
public enum Parallel {
    /// The number of cores that the process may use.
    public static var cores: Int { min(ProcessInfo.processInfo.activeProcessorCount, most.load(ordering: .relaxed)) }

    private static let most = Atomic(Int.max)

    /// Bounds what ``cores`` says from now on: for a program that shares its machine. No result depends on it.
    public static func bound(cores: Int) { most.store(max(1, cores), ordering: .relaxed) }

    /// Calls `body` once for each index in 0..<count, on up to `threads` threads.
    ///
    /// Threads take the next index as they become free, so that uneven work spreads evenly; what
    /// `body` does must depend on its index only.
    package static func forEach(count: Int, threads: Int = cores, _ body: @Sendable (Int) -> Void) {
        forEach(count: count, threads: threads, scratch: {}) { _, index in body(index) }
    }

    /// Like ``forEach(count:threads:_:)``, with a scratch value for each thread.
    package static func forEach<Scratch>(
        count: Int, threads: Int = cores, scratch: @Sendable () -> Scratch,
        _ body: @Sendable (inout Scratch, Int) -> Void
    ) {
        let workers = min(max(threads, 1), count)
        guard workers > 1 else {
            guard count > 0 else { return }
            var own = scratch()
            for index in 0..<count { body(&own, index) }
            return
        }
        let next = Counter()
        withoutActuallyEscaping(scratch) { scratch in
            withoutActuallyEscaping(body) { body in
                let work: @Sendable () -> Void = {
                    var own = scratch()
                    while true {
                        let index = next.take()
                        guard index < count else { return }
                        body(&own, index)
                    }
                }
                // Where the system has no more threads, this one does all that is left.
                let others = (1..<workers).compactMap { _ in WorkerThread.start(work) }
                work()
                for thread in others { thread.join() }
            }
        }
    }

    /// Calls `body` with consecutive ranges that cover 0..<count, each at most `grain` long.
    ///
    /// The ranges depend on `count` and `grain` only, so that sums a range at a time, added in
    /// order of ranges, do not depend on the number of threads.
    package static func forEachRange(
        count: Int, grain: Int, threads: Int = cores, _ body: @Sendable (Range<Int>) -> Void
    ) {
        precondition(grain > 0)
        forEach(count: (count + grain - 1) / grain, threads: threads) { chunk in
            body(chunk * grain..<min(count, (chunk + 1) * grain))
        }
    }

    /// The results of `body` for each index in 0..<count, in order.
    package static func map<Result: Sendable>(
        count: Int, threads: Int = cores, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        forEach(count: count, threads: threads) { index in
            let result = body(index)
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func take() -> Int {
            value.wrappingAdd(1, ordering: .relaxed).oldValue
        }
    }
}
