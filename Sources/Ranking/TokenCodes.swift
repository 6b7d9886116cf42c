import Memory
import Storage

/// The token vectors of a segment's passages in residual codes: what a late interaction compares with the tokens of a query.
///
/// Passages stand in the order in which they were written; one without codes has no tokens. The codes mean nothing without the codebook
/// that they name.
package struct TokenCodes: Sendable {
    package static let fileKind = "token-codes"

    /// The fingerprint of the codebook.
    package let book: String
    /// Bytes of a token's code.
    package let byteCount: Int
    /// Where the tokens of each passage start, and how many there are.
    private let starts: FrozenArray<UInt64>
    private let lengths: FrozenArray<UInt16>
    private let codes: FrozenArray<UInt8>
    private let path: String

    /// The number of passages.
    package var count: Int { starts.count }
    package var tokenCount: Int { codes.count / byteCount }

    /// Maps a file.
    ///
    /// - Throws: `StorageError` when the parts are damaged or do not fit together. Where a passage's tokens lie is checked when they are
    ///   read.
    package init(_ container: Container) throws {
        path = container.path
        book = String(decoding: try container.bytes(Section.book).toArray(), as: UTF8.self)
        let sizes = try container.section(Section.sizes, of: UInt64.self)
        starts = try container.section(Section.starts, of: UInt64.self)
        lengths = try container.section(Section.lengths, of: UInt16.self)
        codes = try container.bytes(Section.codes)
        guard sizes.count == 1, (1...1 << 12).contains(sizes[0]), codes.count % Int(sizes[0]) == 0,
            starts.count == lengths.count
        else { throw StorageError.damaged(path: container.path, what: "its token codes do not fit together") }
        byteCount = Int(sizes[0])
    }

    enum Section {
        static let book = "states.book"
        static let sizes = "states.sizes"
        static let starts = "states.starts"
        static let lengths = "states.lengths"
        static let codes = "states.codes"
    }

    /// How many tokens of a passage have codes.
    package func tokens(of passage: Int32) -> Int { Int(lengths[Int(passage)]) }

    /// Gives the codes of a passage's tokens to its caller; none where the passage has none.
    ///
    /// - Throws: `StorageError` where the file says that they lie outside.
    package func withCodes<Result>(
        of passage: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        let (start, length) = (starts[Int(passage)], Int(lengths[Int(passage)]))
        guard start <= UInt64(tokenCount), length <= tokenCount - Int(start) else {
            throw StorageError.damaged(path: path, what: "the tokens of passage \(passage) lie outside")
        }
        return try withExtendedLifetime(codes) {
            try body(
                UnsafeBufferPointer(start: codes.unsafeBase + Int(start) * byteCount, count: length * byteCount))
        }
    }

    /// Checks where the tokens of all passages lie.
    ///
    /// - Throws: `StorageError`.
    package func check() throws { for passage in 0..<Int32(count) { try withCodes(of: passage) { _ in } } }
}
