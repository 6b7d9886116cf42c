import Memory
import NIOPosix
import ServiceLifecycle
import Serving
import Synchronization

/// Threads that answer queries. A query is work for one thread, of a millisecond to half a second, and may run neither on
/// an event loop nor where others wait. Whoever comes when too many wait is sent away at once: a queue that grows is a server that
/// answers nobody in time.
final class WorkerPool: Service, Sendable {
    let workers: Int
    private let capacity: Int
    private let pool: NIOThreadPool
    private let inside = Mutex(0)

    init(workers: Int, queue: Int) {
        self.workers = max(1, workers)
        capacity = self.workers + max(0, queue)
        pool = NIOThreadPool(numberOfThreads: self.workers)
        pool.start()
    }

    /// Requests that run or wait.
    var depth: Int { inside.withLock { $0 } }

    /// Runs work on a thread.
    ///
    /// - Parameter isAdmitted: whether its place is another's, as of the queries of a batch.
    /// - Throws: ``Problem`` with the code `busy` where too many wait; what the work throws.
    func run<Result: Sendable>(
        isAdmitted: Bool = false, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        if !isAdmitted { try enter() }
        defer { if !isAdmitted { leave() } }
        return try await pool.runIfActive(body)
    }

    /// Takes a place that is given back when it is let go: an answer that is written later may never be.
    func place() throws -> Place {
        try enter()
        return Place(self)
    }

    /// A place among those that run or wait.
    final class Place: Sendable {
        private let pool: WorkerPool

        fileprivate init(_ pool: WorkerPool) { self.pool = pool }

        deinit { pool.leave() }
    }

    private func enter() throws {
        let isFree = inside.withLock { inside in
            guard inside < capacity else { return false }
            inside += 1
            return true
        }
        guard isFree else { throw Problem(.busy, "too many requests wait; try again in a second") }
    }

    private func leave() { inside.withLock { $0 -= 1 } }

    func run() async throws {
        try? await gracefulShutdown()
        try await pool.shutdownGracefully()
    }
}
