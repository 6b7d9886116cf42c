#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A thread of the system that runs one piece of work and is waited for.
///
/// Dispatch keeps trying for ever where the system has no thread to give (a container's limit, `ulimit -u`).
/// Here that is an answer, and the caller does the work itself.
package struct WorkerThread: Sendable {
    private let thread: UInt

    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread.
    ///
    /// - Returns: nil where the system has none to give; then nothing runs.
    package static func start(_ work: @escaping @Sendable () -> Void) -> WorkerThread? {
        let argument = Unmanaged.passRetained(Work(work))
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                #else
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                #endif
                return nil
            }, argument.toOpaque())
        guard status == 0 else {
            argument.release()
            return nil
        }
        #if canImport(Darwin)
        return thread.map { WorkerThread(thread: UInt(bitPattern: $0)) }
        #else
        return WorkerThread(thread: UInt(thread))
        #endif
    }

    /// Waits until the work is done; call once.
    package func join() {
        #if canImport(Darwin)
        if let thread = pthread_t(bitPattern: thread) { pthread_join(thread, nil) }
        #else
        pthread_join(pthread_t(thread), nil)
        #endif
    }
}
