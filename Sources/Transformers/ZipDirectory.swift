import Memory

/// Reads the central directory of a zip archive.
struct ZipDirectory {
    let bytes: FrozenArray<UInt8>
    let path: String

    /// Members larger than this are refused: no model file of a wheel comes near.
    private static let largestMember = 2 << 30

    func entries() throws(ModelError) -> [ZipArchive.Entry] {
        let reader = LittleEndian(bytes: bytes)
        guard let end = endRecord(reader), let count = reader.u16(end + 10),
            let start = reader.u32(end + 16), reader.u16(end + 4) == 0
        else { throw fault("not a zip archive") }
        guard count != 0xFFFF, start != 0xFFFF_FFFF else {
            throw .unsupported(path: path, reason: "Zip64 archives are not supported")
        }
        var entries: [ZipArchive.Entry] = []
        var position = start
        for _ in 0..<count {
            guard reader.u32(position) == 0x0201_4b50, let flags = reader.u16(position + 8),
                let method = reader.u16(position + 10), let checksum = reader.u32(position + 16),
                let packed = reader.u32(position + 20), let size = reader.u32(position + 24),
                let nameCount = reader.u16(position + 28), let extra = reader.u16(position + 30),
                let comment = reader.u16(position + 32), let offset = reader.u32(position + 42),
                position + 46 + nameCount <= end
            else { throw fault("the zip directory is damaged") }
            let nameBytes = bytes.slice(position + 46..<position + 46 + nameCount).toArray()
            guard let name = String(validating: nameBytes, as: UTF8.self), isSafe(name) else {
                throw fault("the archive names a file outside of its folder")
            }
            guard flags & 1 == 0, packed <= bytes.count, size <= ZipDirectory.largestMember else {
                throw fault("the member \(name) is encrypted or impossibly large")
            }
            entries.append(
                .init(
                    name: name, byteCount: size, method: method,
                    checksum: UInt32(truncatingIfNeeded: checksum), packedCount: packed,
                    headerOffset: offset))
            position += 46 + nameCount + extra + comment
        }
        return entries
    }

    private func fault(_ reason: String) -> ModelError {
        .malformed(path: path, reason: reason)
    }

    /// The end record lies in the last bytes, before a comment of at most 65,535.
    private func endRecord(_ reader: LittleEndian) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let first = max(0, bytes.count - 22 - 0xFFFF)
        return stride(from: bytes.count - 22, through: first, by: -1).first { position in
            reader.u32(position) == 0x0605_4b50
                && reader.u16(position + 20) == bytes.count - position - 22
        }
    }

    /// Relative, without parent folders, drives or backslashes.
    private func isSafe(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ":") }
            && !name.hasPrefix("/")
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    }
}

/// Numbers at any place in bytes; nil outside of them.
struct LittleEndian {
    let bytes: FrozenArray<UInt8>

    func u16(_ position: Int) -> Int? {
        guard position >= 0, position <= bytes.count - 2 else { return nil }
        return Int(bytes[position]) | Int(bytes[position + 1]) << 8
    }

    func u32(_ position: Int) -> Int? {
        guard let low = u16(position), let high = u16(position + 2) else { return nil }
        return low | high << 16
    }
}
