import Foundation
import Synchronization

/// Speaks over standard input and output, or any two files: a message a line, and nothing else. Messages are answered side by
/// side, in any order; at the end of the input what runs is finished.
public struct LineTransport: Sendable {
    private let server: ToolServer
    private let input: FileHandle
    private let output: Output
    private let workers: Int
    /// Longer lines are refused, in bytes.
    private static let longestLine = 4 << 20

    public init(_ server: ToolServer, input: FileHandle = .standardInput, output: FileHandle = .standardOutput) {
        (self.server, self.input) = (server, input)
        self.output = Output(output)
        workers = server.shelf.options.workers
    }

    /// Runs until the input ends, or nobody reads the output.
    public func run() {
        let queue = OperationQueue()
        // A cancellation must be heard while all workers work.
        queue.maxConcurrentOperationCount = 4 * workers + 1
        var line: [UInt8] = []
        var isOverlong = false
        while !output.isClosed {
            let bytes = input.availableData
            if bytes.isEmpty { break }
            for byte in bytes {
                guard byte == 0x0A else {
                    if line.count < Self.longestLine { line.append(byte) } else { isOverlong = true }
                    continue
                }
                // A line that is too long is cut, and so no JSON.
                take(isOverlong ? Array("too long".utf8) : line, queue)
                line = []
                isOverlong = false
            }
        }
        take(line, queue)
        queue.waitUntilAllOperationsAreFinished()
    }

    private func take(_ line: [UInt8], _ queue: OperationQueue) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        queue.addOperation { [server, output] in
            if let answer = server.answer(line) { output.write(answer + [0x0A]) }
        }
    }

    /// Writes whole lines, one at a time.
    private final class Output: Sendable {
        private let file: FileHandle
        private let closed = Mutex(false)

        init(_ file: FileHandle) { self.file = file }

        var isClosed: Bool { closed.withLock { $0 } }

        func write(_ bytes: [UInt8]) {
            closed.withLock { closed in
                guard !closed else { return }
                do { try file.write(contentsOf: Data(bytes)) } catch { closed = true }
            }
        }
    }
}
