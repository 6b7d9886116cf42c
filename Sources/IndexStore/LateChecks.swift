import Dispatch
import Memory
import Storage
import Synchronization

/// Checks the large sections of files that are in use already, each file on a thread of its own.
///
/// What is small is checked before it is used. To read all of a large file first would make whoever asks one question wait
/// for all that the question does not touch; structures keep their own bounds, so that damage gives wrong answers at worst,
/// until it is found here. A file that was found damaged cannot be opened any more.
public final class LateChecks: Sendable {
    /// Sections from this many bytes on are checked late.
    static let largeSection = 1 << 20

    /// What the threads have found, by path.
    private final class Findings: Sendable {
        let failures = Mutex<[String: StorageError]>([:])
        let group = DispatchGroup()
    }

    private let findings = Findings()
    private let isLate: Bool
    private let threads = Mutex<[WorkerThread]>([])

    /// - Parameter isLate: else all is checked before it is used: what copies, trains or measures must not begin with
    ///   damage.
    init(isLate: Bool) { self.isLate = isLate }

    /// Checks what is small of a file, and begins to check what is large.
    ///
    /// - Throws: ``StorageError`` for what is checked at once.
    func check(_ container: Container) throws(StorageError) {
        guard isLate else { return try container.verify() }
        try container.verify { $0 < Self.largeSection }
        guard container.sections.contains(where: { $0.length >= Self.largeSection }) else { return }
        let findings = findings
        findings.group.enter()
        let work: @Sendable () -> Void = {
            do throws(StorageError) {
                try container.verify(threads: 1) { $0 >= Self.largeSection }
            } catch {
                findings.failures.withLock { $0[container.path] = error }
            }
            findings.group.leave()
        }
        if let thread = WorkerThread.start(work) { threads.withLock { $0.append(thread) } } else { work() }
    }

    /// - Parameter path: asked for where any file was found damaged.
    /// - Throws: what was found in that file.
    func throwIfFailed(_ path: @autoclosure () -> String) throws(StorageError) {
        guard failureCount > 0 else { return }
        if let failure = findings.failures.withLock({ $0[path()] }) { throw failure }
    }

    /// How many files were found damaged so far.
    public var failureCount: Int { findings.failures.withLock { $0.count } }

    /// Waits until all that is in use has been checked.
    public func finish() { findings.group.wait() }

    deinit { threads.withLock { $0 }.forEach { $0.join() } }
}
