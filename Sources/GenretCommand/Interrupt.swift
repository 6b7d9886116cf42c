import Foundation
import Memory
import Storage
import Synchronization

/// What Ctrl-C and its relatives do: long work that listens is asked to stop, and what does not stop within
/// a second, or at a second signal, is ended here. In either case nothing half done is left behind.
final class Interrupt: Sendable {
    static let shared = Interrupt()

    private struct State {
        /// Whether the work at hand asks ``isRaised`` now and then.
        var isHeard = false
        /// What is said when the work is ended here.
        var sentence = "interrupted"
    }

    private let flag = Atomic<Bool>(false)
    private let state = Mutex(State())
    /// Where the signal handler writes a byte; -1 before ``watch()``.
    private let wake = Atomic<Int32>(-1)

    var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Takes over the signals; call once, at the start.
    func watch() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake.store(ends[1], ordering: .relaxed)
        let reading = ends[0]
        // Without a thread to listen, signals do what they always do.
        guard WorkerThread.start({ Interrupt.shared.listen(to: reading) }) != nil else { return }
        var numbers = [SIGINT, SIGTERM]
        // Under nohup it stays ignored.
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        if !Self.isIgnored(hangUp) { numbers.append(SIGHUP) }
        // Some parents, test runners among them, hand down a mask that blocks them.
        var all = sigset_t()
        sigemptyset(&all)
        for number in numbers { sigaddset(&all, number) }
        pthread_sigmask(SIG_UNBLOCK, &all, nil)
        for number in numbers {
            signal(number) { _ in
                // Only what a signal handler may do.
                let reason = errno
                var byte: UInt8 = 1
                _ = write(Interrupt.shared.wake.load(ordering: .relaxed), &byte, 1)
                errno = reason
            }
        }
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        let ignoring = unsafeBitCast(SIG_IGN, to: Int.self)
        #if canImport(Darwin)
        return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == ignoring
        #else
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignoring
        #endif
    }

    /// What is said where work was ended.
    var sentence: String { state.withLock { $0.sentence } }

    /// The work that follows asks ``isRaised`` often enough.
    ///
    /// - Parameter sentence: what is said where it is ended all the same.
    func listen(saying sentence: String) {
        state.withLock { $0 = State(isHeard: true, sentence: sentence) }
    }

    /// How long work that listens may take to stop.
    private static let patience: Int32 = 800

    private func listen(to reading: Int32) {
        var byte: UInt8 = 0
        while read(reading, &byte, 1) != 1 {}
        flag.store(true, ordering: .relaxed)
        if state.withLock({ $0.isHeard }) {
            var again = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            poll(&again, 1, Self.patience)
        }
        StagedWork.shared.removeAll()
        StandardStreams.shared.error("genret: \(sentence)\n")
        _exit(130)
    }
}
