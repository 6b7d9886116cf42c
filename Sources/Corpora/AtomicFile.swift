import Foundation
import Memory

/// A file that appears under its name only when it is complete, written through a buffer.
///
/// Links are followed and what is no regular file is written to at once, as ``OutputFile`` says; `-` is
/// standard output.
package struct AtomicFile: ~Copyable, Sendable {
    private static let flushSize = 1 << 18

    private var file: OutputFile
    private var buffer: [UInt8]

    /// Opens the file, and creates its folder where it is missing.
    package init(path: String) throws(CorpusError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            do {
                try FileManager.default.createDirectory(
                    atPath: String(path[..<slash]), withIntermediateDirectories: true)
            } catch {
                throw .unwritable(path: path, reason: "its folder cannot be created")
            }
        }
        do {
            file = try OutputFile(path: path)
        } catch {
            throw CorpusError(error)
        }
        buffer = []
        buffer.reserveCapacity(Self.flushSize + (1 << 12))
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
        do {
            try file.finish()
        } catch {
            throw CorpusError(error)
        }
    }

    /// Says why a path cannot be written to, before anything is.
    package static func check(_ path: String) throws(CorpusError) {
        do {
            try OutputFile.check(path)
        } catch {
            throw CorpusError(error)
        }
    }

    private mutating func flush() throws(CorpusError) {
        do throws(OutputFile.Failure) {
            try buffer.withUnsafeBufferPointer { (bytes) throws(OutputFile.Failure) in
                try file.write(UnsafeRawBufferPointer(bytes))
            }
        } catch {
            throw CorpusError(error)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

extension CorpusError {
    fileprivate init(_ failure: OutputFile.Failure) {
        self = .unwritable(path: failure.path, reason: failure.reason)
    }
}
