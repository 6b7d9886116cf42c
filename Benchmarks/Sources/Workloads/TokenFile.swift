import Foundation
import Memory

/// A text as the benchmarks share it: token ids of four bytes, little-endian, in reading order.
///
/// Every passage ends with the same token, which is therefore the last of the file and occurs
/// nowhere else.
package struct TokenFile: Sendable {
    package let tokens: FrozenArray<Int32>
    package let documentEnd: Int32

    /// Maps the file.
    package init(path: String) throws {
        let bytes = try MappedFile(path: path).bytes
        guard let tokens = bytes.elements(of: Int32.self), !tokens.isEmpty else {
            throw FileFault(path: path, reason: "not a file of token ids of four bytes")
        }
        self.tokens = tokens
        documentEnd = tokens[tokens.count - 1]
    }

    /// Calls `body` with the tokens of each passage, without their end.
    package func forEachPassage(_ body: (UnsafeBufferPointer<Int32>) -> Void) {
        tokens.withUnsafeBuffer { tokens in
            var start = 0
            for position in tokens.indices where tokens[position] == documentEnd {
                body(UnsafeBufferPointer(rebasing: tokens[start..<position]))
                start = position + 1
            }
        }
    }
}

extension TokenFile {
    /// Calls `body` with the tokens of each passage without their end, reading the file piece by piece:
    /// mapped pages would count as memory of whoever measures it.
    package static func forEachPassage(
        path: String, documentEnd: Int32, _ body: (UnsafeBufferPointer<Int32>) -> Void
    ) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FileFault(path: path, reason: "cannot be read")
        }
        defer { try? file.close() }
        var passage: [Int32] = []
        while let piece = try file.read(upToCount: 1 << 22), !piece.isEmpty {
            piece.withUnsafeBytes { bytes in
                for token in bytes.bindMemory(to: Int32.self) {
                    guard token == documentEnd else {
                        passage.append(token)
                        continue
                    }
                    passage.withUnsafeBufferPointer(body)
                    passage.removeAll(keepingCapacity: true)
                }
            }
        }
    }
}

/// A file that is not what it should be.
package struct FileFault: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "\(path): \(reason)" }
}
