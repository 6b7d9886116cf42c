import Foundation
import Serving
import Synchronization

/// Standard output and standard error, written so that a full disk, a closed descriptor or a reader that
/// has gone away ends no work: what was lost is remembered, and the exit code says so.
final class StandardStreams: Sendable {
    static let shared = StandardStreams()

    private struct Output {
        var buffer: [UInt8] = []
        /// The first error of standard output, 0 while there is none.
        var failure: Int32 = 0
    }

    private let output = Mutex(Output())
    private let flushesLines = Terminal.outputIsTerminal
    /// Whether standard error is events, one JSON object a line.
    private let areEvents = Atomic<Bool>(false)

    /// Before anything is opened: descriptors that were closed are taken, so that no file gets their
    /// numbers and with them what is said; and a pipe without a reader is an error, not the end.
    static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Open for reading only: what is written there is lost, and known to be.
            _ = open("/dev/null", O_RDONLY)
        }
        // So is a file that has reached the size that `ulimit -f` allows.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    }

    /// Writes text to standard output, with control characters shown instead of sent.
    func write(_ text: String) { write(bytes: Array(VisibleText.of(text).utf8)) }

    /// Writes bytes to standard output as they are.
    func write(bytes: some Collection<UInt8>) {
        output.withLock { output in
            output.buffer.append(contentsOf: bytes)
            if output.buffer.count > 1 << 15 || (flushesLines && output.buffer.contains(0x0A)) { Self.flush(&output) }
        }
    }

    func flush() { output.withLock { Self.flush(&$0) } }

    /// Whether output was lost, so that more of it is in vain.
    var isBroken: Bool { output.withLock { $0.failure != 0 } }

    /// Writes what is left.
    ///
    /// - Returns: the error by which output was lost; nil where all of it was written.
    func finish() -> Int32? {
        output.withLock { output in
            Self.flush(&output)
            return output.failure == 0 ? nil : output.failure
        }
    }

    private static func flush(_ output: inout Output) {
        if output.failure == 0 { output.failure = write(output.buffer, to: STDOUT_FILENO) }
        output.buffer.removeAll(keepingCapacity: true)
    }

    /// From now on standard error is events, one JSON object a line.
    func speakEvents() { areEvents.store(true, ordering: .relaxed) }
    var speaksEvents: Bool { areEvents.load(ordering: .relaxed) }

    /// Writes an event for programs to standard error.
    func event(_ event: ProgressEvent) {
        guard let line = try? AnswerJSON.text(of: event, isLine: true) else { return }
        flush()
        _ = Self.write(Array((line + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes text to standard error, with control characters shown; nobody is told where that fails.
    func error(_ text: String) {
        if speaksEvents { return event(.note(text.trimmingCharacters(in: .newlines))) }
        flush()
        _ = Self.write(Array(VisibleText.of(text).utf8), to: STDERR_FILENO)
    }

    /// - Returns: 0, or the error.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count, let base = bytes.baseAddress {
                let count = Foundation.write(descriptor, base + done, bytes.count - done)
                if count > 0 {
                    done += count
                } else if count < 0, errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, -1)
                } else if count == 0 || errno != EINTR {
                    return count == 0 ? EIO : errno
                }
            }
            return 0
        }
    }
}

/// Prints to standard output through ``StandardStreams``; in this module the standard library's function
/// of the same name, which drops what cannot be written, is out of reach.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    StandardStreams.shared.write(items.map { "\($0)" }.joined(separator: separator) + terminator)
}
