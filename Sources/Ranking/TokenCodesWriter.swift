import Memory
import Storage

/// Writes the codes of a segment's tokens, passage by passage in any order, without keeping them.
package struct TokenCodesWriter: ~Copyable {
    /// The most tokens of a segment: some half a gigabyte of codes. Passages that come after have none.
    package static let most = 1 << 24

    private let writer: ContainerWriter
    private let book: String
    private let byteCount: Int
    private let most: Int
    private var starts: [UInt64]
    private var lengths: [UInt16]
    private var tokens = 0

    /// - Parameters:
    ///   - book: the fingerprint of the codebook.
    ///   - byteCount: of a token's code.
    ///   - passages: of the segment.
    package init(
        _ writer: ContainerWriter, book: String, byteCount: Int, passages: Int, most: Int = Self.most
    ) throws(StorageError) {
        (self.writer, self.book, self.byteCount, self.most) = (writer, book, byteCount, most)
        starts = [UInt64](repeating: 0, count: passages)
        lengths = [UInt16](repeating: 0, count: passages)
        try writer.begin(TokenCodes.Section.codes)
    }

    /// Adds the codes of a passage's tokens, where there is room.
    package mutating func add(
        _ passage: Int32, _ codes: UnsafeBufferPointer<UInt8>
    ) throws(StorageError) {
        let length = codes.count / byteCount
        precondition(codes.count == length * byteCount && lengths[Int(passage)] == 0)
        guard length <= min(most - tokens, Int(UInt16.max)) else { return }
        (starts[Int(passage)], lengths[Int(passage)]) = (UInt64(tokens), UInt16(length))
        tokens += length
        try writer.append(UnsafeRawBufferPointer(codes))
    }

    package consuming func finish() throws(StorageError) {
        try writer.end()
        try writer.write(TokenCodes.Section.book, Array(book.utf8))
        try writer.write(TokenCodes.Section.sizes, [UInt64(byteCount)])
        try writer.write(TokenCodes.Section.starts, starts)
        try writer.write(TokenCodes.Section.lengths, lengths)
        try writer.finish()
    }
}
