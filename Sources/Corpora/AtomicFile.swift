import Foundation

/// A file that appears under its name only when it is complete.
///
/// The bytes go to a temporary file in the same folder, which ``finish()`` renames; a writer that is
/// dropped before removes it.
package struct AtomicFile: ~Copyable, @unchecked Sendable {
    private static let flushSize = 1 << 18

    package let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8]
    private var isFinished: Bool

    /// Creates the temporary file, and the folder where it is missing.
    package init(path: String) throws(CorpusError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: "its folder cannot be created")
        }
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        self.path = path
        self.temporary = temporary
        self.descriptor = descriptor
        buffer = []
        buffer.reserveCapacity(Self.flushSize + (1 << 12))
        isFinished = false
    }

    deinit {
        if !isFinished {
            close(descriptor)
            unlink(temporary)
        }
    }

    /// Lets `body` append bytes.
    package mutating func append(_ body: (inout [UInt8]) -> Void) throws(CorpusError) {
        body(&buffer)
        if buffer.count >= Self.flushSize { try flush() }
    }

    /// Appends a string.
    package mutating func append(_ text: String) throws(CorpusError) {
        try append { $0.append(contentsOf: text.utf8) }
    }

    /// Writes the rest and gives the file its name.
    package mutating func finish() throws(CorpusError) {
        try flush()
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, path) == 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        close(descriptor)
        isFinished = true
    }

    private mutating func flush() throws(CorpusError) {
        var written = 0
        while written < buffer.count {
            let got = buffer.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw .unwritable(path: path, reason: String(cString: strerror(errno)))
            }
            written += got
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
