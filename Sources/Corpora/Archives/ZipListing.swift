import Foundation

/// What a zip file holds, by the directory at its end (PKWARE's APPNOTE, with the 64-bit sizes of Zip64).
enum ZipListing {
    private static let localHeader: UInt32 = 0x0403_4b50
    private static let entryHeader: UInt32 = 0x0201_4b50
    private static let endOfDirectory: UInt32 = 0x0605_4b50
    private static let endOfDirectory64: UInt32 = 0x0606_4b50
    /// A larger directory would be that of millions of files.
    private static let largestDirectory = 1 << 28

    /// Nil where the file is no zip.
    ///
    /// - Complexity: O(files); nothing is decompressed.
    static func members(of file: InputFile) throws(CorpusError) -> [ArchiveMember]? {
        guard let handle = FileHandle(forReadingAtPath: file.shown) else { return nil }
        defer { try? handle.close() }
        guard bytes(0, 4, handle).map({ value($0, 0, 4) }) == Int(localHeader) else { return nil }
        func damaged(_ reason: String) -> CorpusError { .damaged(path: file.shown, reason: reason) }
        guard let size = (try? handle.seekToEnd()).map({ Int($0) }) else { throw damaged("its size is not known") }
        guard let (start, count) = directory(size, handle), start >= 0, count >= 0, count <= largestDirectory,
            let directory = bytes(start, count, handle)
        else { throw damaged("the zip file has no directory at its end; perhaps it is cut short") }
        var members: [ArchiveMember] = []
        var place = 0
        while place < directory.count {
            guard let entry = Entry(directory, at: &place) else {
                throw damaged("the directory of the zip file is broken after \(members.count) files")
            }
            if entry.name.hasSuffix("/") { continue }
            guard entry.flags & 1 == 0 else { throw damaged("\(entry.name) is encrypted") }
            // The header before the data has lengths of its own.
            guard let local = bytes(entry.offset, 30, handle), value(local, 0, 4) == Int(localHeader) else {
                throw damaged("\(entry.name) is not where the directory of the zip file says")
            }
            let first = entry.offset + 30 + value(local, 26, 2) + value(local, 28, 2)
            guard first <= size, entry.packed <= size - first else {
                throw damaged("\(entry.name) reaches past the end of the zip file")
            }
            let range = first..<(first + entry.packed)
            switch entry.method {
            case 0: members.append(.init(name: entry.name, place: .stored(range)))
            case 8:
                let size = UInt32(truncatingIfNeeded: entry.size)
                members.append(.init(name: entry.name, place: .deflated(range, checksum: entry.checksum, size: size)))
            default: throw damaged("\(entry.name) is compressed by method \(entry.method), expected 0 or 8 (deflate)")
            }
        }
        return members
    }

    /// Where the directory starts and how many bytes it has.
    private static func directory(_ size: Int, _ handle: FileHandle) -> (start: Int, count: Int)? {
        let tailStart = max(0, size - (1 << 16) - 22)
        guard let tail = bytes(tailStart, size - tailStart, handle), tail.count >= 22 else { return nil }
        var end = tail.count - 22
        while end >= 0, value(tail, end, 4) != Int(endOfDirectory) { end -= 1 }
        guard end >= 0 else { return nil }
        let (count, start) = (value(tail, end + 12, 4), value(tail, end + 16, 4))
        guard start == 0xffff_ffff || count == 0xffff_ffff else { return (start, count) }
        // Twenty bytes before say where the larger record is.
        guard end >= 20, let record = bytes(value(tail, end - 12, 8), 56, handle),
            value(record, 0, 4) == Int(endOfDirectory64)
        else { return nil }
        return (value(record, 48, 8), value(record, 40, 8))
    }

    /// Nil where the file does not have them all.
    private static func bytes(_ offset: Int, _ count: Int, _ handle: FileHandle) -> [UInt8]? {
        guard offset >= 0, count >= 0, (try? handle.seek(toOffset: UInt64(offset))) != nil,
            let data = try? handle.read(upToCount: count), data.count == count
        else { return count == 0 ? [] : nil }
        return Array(data)
    }

    /// A little-endian number; values that do not fit become negative, which no caller takes.
    private static func value(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        var value: UInt64 = 0
        for index in (start..<(start + count)).reversed() { value = value << 8 | UInt64(bytes[index]) }
        return Int(truncatingIfNeeded: value)
    }

    /// What the directory says of a file.
    private struct Entry {
        let name: String
        let flags, method: Int
        let checksum: UInt32
        private(set) var packed, size, offset: Int

        /// Nil where the bytes are no entry.
        init?(_ bytes: [UInt8], at place: inout Int) {
            guard place + 46 <= bytes.count, value(bytes, place, 4) == Int(entryHeader) else { return nil }
            let start = place
            func field(_ offset: Int, _ count: Int) -> Int { value(bytes, start + offset, count) }
            (flags, method) = (field(8, 2), field(10, 2))
            checksum = UInt32(truncatingIfNeeded: field(16, 4))
            (packed, size, offset) = (field(20, 4), field(24, 4), field(42, 4))
            let names = start + 46
            let extra = names + field(28, 2)
            let comment = extra + field(30, 2)
            place = comment + field(32, 2)
            guard place <= bytes.count else { return nil }
            name = String(decoding: bytes[names..<extra], as: UTF8.self)
            var at = extra
            while at + 4 <= comment {
                let (kind, length) = (value(bytes, at, 2), value(bytes, at + 2, 2))
                at += 4
                guard at + length <= comment else { return nil }
                if kind == 1 { readLarge(bytes, at..<(at + length)) }
                at += length
            }
            guard packed >= 0, size >= 0, offset >= 0, offset < 1 << 50 else { return nil }
        }

        /// Zip64: those of the sizes that did not fit, in this order.
        private mutating func readLarge(_ bytes: [UInt8], _ range: Range<Int>) {
            var at = range.lowerBound
            for key in [\Entry.size, \Entry.packed, \Entry.offset] where self[keyPath: key] == 0xffff_ffff {
                guard at + 8 <= range.upperBound else { return }
                self[keyPath: key] = value(bytes, at, 8)
                at += 8
            }
        }
    }
}
