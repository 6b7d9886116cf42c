/// A file in an archive: its name there, and where its bytes are.
struct ArchiveMember: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        /// Bytes of the archive, as they are.
        case stored(Range<Int>)
        /// Bytes of the archive that hold a deflate stream, with the checksum and the size of what comes out.
        case deflated(Range<Int>, checksum: UInt32, size: UInt32)
        /// Bytes of the decompressed archive.
        case unpacked(Range<Int>)
    }

    /// With slashes between folders.
    var name: String
    var place: Place

    /// What stands before a deflate stream to make it a gzip file, which every reader here knows how to read and to check.
    static let gzipHead: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]

    /// What stands behind it.
    static func gzipTail(checksum: UInt32, size: UInt32) -> [UInt8] {
        [checksum, size].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    }

    /// The files of a zip or a tar, which may be compressed; nil where the file is neither.
    ///
    /// - Complexity: of a zip O(files); of a tar as long as reading and decompressing all of it.
    static func list(_ path: String) throws(CorpusError) -> [ArchiveMember]? {
        let file = InputFile(path: path)
        if let members = try ZipListing.members(of: file) { return members }
        return try TarListing.members(of: file)
    }
}
