import Foundation

/// Writes a file of four-byte words through a buffer.
///
/// The benchmarks run on little-endian machines, so words go out as they are.
package final class WordWriter {
    private let handle: FileHandle
    private var buffer: [Int32] = []
    private static let capacity = 1 << 18

    /// Starts the file anew.
    package init(path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FileFault(path: path, reason: "cannot be written") }
        self.handle = handle
        buffer.reserveCapacity(Self.capacity)
    }

    package func write(_ word: Int) throws { try write(CollectionOfOne(Int32(word))) }

    package func write(_ words: some Collection<Int32>) throws {
        if buffer.count + words.count > Self.capacity { try flush() }
        if words.count < Self.capacity {
            buffer.append(contentsOf: words)
        } else {
            try Array(words).withUnsafeBytes { try handle.write(contentsOf: $0) }
        }
    }

    /// Writes what is left and closes the file.
    package func finish() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try handle.write(contentsOf: $0) }
        buffer.removeAll(keepingCapacity: true)
    }
}
