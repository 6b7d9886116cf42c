import CKernels

/// Threads that stand ready for the parts of one product: pieces of work too small for a queue.
///
/// ``Parallel`` divides whole tasks; a team divides what one task does next, some ten microseconds
/// at a time. It is used by one task at a time.
public final class ThreadTeam: @unchecked Sendable {
    // Unchecked because of the pointer, which never changes.
    private let team: OpaquePointer?
    /// The number of threads, the caller's included.
    public let threads: Int

    /// Makes a team; where the system gives no threads, the caller works alone.
    public init(threads: Int) {
        self.threads = max(1, min(threads, 256))
        team = self.threads > 1 ? ck_team_create(Int32(self.threads)) : nil
    }

    deinit {
        if let team { ck_team_destroy(team) }
    }

    /// Calls `body` once for each index in 0..<count and returns when all calls are done.
    public func run(_ count: Int, _ body: (Int) -> Void) {
        guard let team, count > 1, count <= Int(UInt16.max) else {
            for index in 0..<count { body(index) }
            return
        }
        withoutActuallyEscaping(body) { body in
            var body = body
            withUnsafeMutablePointer(to: &body) { context in
                ck_team_run(
                    team, UInt32(count),
                    { context, index in
                        context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(index))
                    }, context)
            }
        }
    }
}
