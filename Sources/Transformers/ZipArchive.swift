import CZlib
import Memory

/// Reads files out of a zip archive (PKWARE APPNOTE 6.3), such as a Python wheel.
///
/// Stored and deflated members, without encryption, Zip64 or several volumes.
package struct ZipArchive: Sendable {
    package struct Entry: Sendable {
        package let name: String
        package let byteCount: Int
        let method: Int
        let checksum: UInt32
        let packedCount: Int
        let headerOffset: Int
    }

    /// Deflate writes 258 bytes with two bits at best, so that a member that claims to be larger lies.
    private static let mostExpansion = 1032

    package let path: String
    package let entries: [Entry]
    private let bytes: FrozenArray<UInt8>

    /// Reads the central directory.
    ///
    /// - Throws: ``ModelError`` when the archive is damaged, uses a feature that is not supported,
    ///   or names a member outside of its own folder.
    package init(bytes: FrozenArray<UInt8>, path: String) throws(ModelError) {
        self.bytes = bytes
        self.path = path
        entries = try ZipDirectory(bytes: bytes, path: path).entries()
    }

    package func entry(_ name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// The contents of a member, checked against its CRC-32.
    ///
    /// - Throws: ``ModelError`` when the member is damaged.
    package func contents(of entry: Entry) throws(ModelError) -> [UInt8] {
        let packed = try packedBytes(of: entry)
        guard entry.byteCount <= packed.count * Self.mostExpansion + Self.mostExpansion else { throw damaged(entry) }
        var output = [UInt8](repeating: 0, count: entry.byteCount)
        switch entry.method {
        case 0:
            guard packed.count == output.count else { throw damaged(entry) }
            output = packed.toArray()
        case 8:
            guard inflate(packed, into: &output) else { throw damaged(entry) }
        default:
            throw .unsupported(
                path: path, reason: "\(entry.name) is compressed by method \(entry.method); expected deflate")
        }
        guard crc(output) == entry.checksum else { throw damaged(entry) }
        return output
    }

    private func damaged(_ entry: Entry) -> ModelError {
        .malformed(path: path, reason: "the member \(entry.name) is damaged")
    }

    private func packedBytes(of entry: Entry) throws(ModelError) -> FrozenArray<UInt8> {
        let reader = LittleEndian(bytes: bytes)
        let start = entry.headerOffset
        guard reader.u32(start) == 0x0403_4b50, let name = reader.u16(start + 26),
            let extra = reader.u16(start + 28)
        else { throw damaged(entry) }
        let data = start + 30 + name + extra
        guard data <= bytes.count, entry.packedCount <= bytes.count - data else {
            throw damaged(entry)
        }
        return bytes.slice(data..<data + entry.packedCount)
    }

    /// Whether the raw deflate stream fills the output exactly.
    private func inflate(_ packed: FrozenArray<UInt8>, into output: inout [UInt8]) -> Bool {
        var stream = z_stream()
        let version = ZLIB_VERSION
        guard inflateInit2_(&stream, -15, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return false
        }
        defer { inflateEnd(&stream) }
        return packed.withUnsafeBuffer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                // An empty member still needs a place to point at.
                var spare: UInt8 = 0
                return withUnsafeMutablePointer(to: &spare) { spare in
                    stream.next_out = output.baseAddress ?? spare
                    stream.avail_out = UInt32(output.count)
                    let status = CZlib.inflate(&stream, Z_FINISH)
                    return status == Z_STREAM_END && stream.avail_out == 0
                }
            }
        }
    }

    private func crc(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
    }
}
