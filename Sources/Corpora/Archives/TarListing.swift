/// What a tar file holds (POSIX ustar, with the long names and sizes of GNU and pax), compressed or not.
enum TarListing {
    private static let block = 512
    /// Longer names, and lists of attributes, are none that a corpus has.
    private static let longestName = 1 << 20
    private static let largestFile = 1 << 50

    /// Nil where the file is no tar.
    ///
    /// - Complexity: O(bytes of all members), as a compressed stream has no shorter way from one to the next.
    static func members(of file: InputFile) throws(CorpusError) -> [ArchiveMember]? {
        let stream = try ByteStream(file: file)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var members: [ArchiveMember] = []
        var offset = 0
        var name: String?
        var size: Int?
        while let header = try read(block, of: stream, buffer) {
            guard header.count == block, header[257..<262].elementsEqual("ustar".utf8) else {
                // Two blocks of zeros end a tar.
                if offset > 0, header.allSatisfy({ $0 == 0 }) {
                    // A compressed stream's checksum stands at its end.
                    while try stream.read(into: buffer) > 0 {}
                    return members
                }
                if offset == 0 { return nil }
                throw .damaged(path: file.shown, reason: "the tar file has no header at byte \(offset)")
            }
            guard number(header[148..<156]) == checksum(header) else {
                throw .damaged(path: file.shown, reason: "the tar file has a damaged header at byte \(offset)")
            }
            offset += block
            guard let length = number(header[124..<136]) else {
                throw .damaged(path: file.shown, reason: "the tar file has a header without a size at byte \(offset)")
            }
            let kind = header[156]
            switch kind {
            // GNU's long name, and pax's list of attributes, which are about the next member.
            case UInt8(ascii: "L"), UInt8(ascii: "x"):
                guard length <= longestName, let text = try read(length, of: stream, buffer), text.count == length
                else { throw .damaged(path: file.shown, reason: "the tar file ends in the middle of a name") }
                if kind == UInt8(ascii: "L") {
                    name = string(text[...])
                } else {
                    let found = attributes(text)
                    name = found["path"] ?? name
                    size = found["size"].flatMap { Int($0) } ?? size
                }
                offset += length
            default:
                let length = size ?? length
                guard (0..<largestFile).contains(length) else {
                    throw .damaged(path: file.shown, reason: "the tar file has a file of \(length) bytes")
                }
                let prefix = string(header[345..<500])
                let own = string(header[..<100])
                let full = name ?? (prefix.isEmpty ? own : "\(prefix)/\(own)")
                if kind == 0 || kind == UInt8(ascii: "0") {
                    members.append(.init(name: full, place: .unpacked(offset..<(offset + length))))
                }
                try skip(length, of: stream, buffer, file)
                offset += length
                (name, size) = (nil, nil)
            }
            let padding = (block - offset % block) % block
            try skip(padding, of: stream, buffer, file)
            offset += padding
        }
        return offset > 0 ? members : nil
    }

    /// The sum of a header's bytes, with spaces in the place of the sum itself.
    private static func checksum(_ header: [UInt8]) -> Int {
        header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) } + 8 * 0x20
    }

    /// Up to so many bytes; nil at the end.
    private static func read(
        _ count: Int, of stream: ByteStream, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(CorpusError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count - bytes.count)])
            let got = try stream.read(into: wanted)
            if got == 0 { break }
            bytes.append(contentsOf: buffer[..<got])
        }
        return bytes.isEmpty ? nil : bytes
    }

    private static func skip(
        _ count: Int, of stream: ByteStream, _ buffer: UnsafeMutableRawBufferPointer, _ file: InputFile
    ) throws(CorpusError) {
        var left = count
        while left > 0 {
            let got = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, left)]))
            guard got > 0 else { throw .damaged(path: file.shown, reason: "the tar file ends in the middle of a file") }
            left -= got
        }
    }

    private static func string(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A number in octal digits or, with the top bit set, in bytes; nil where it is neither or does not fit.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            var value = 0
            for byte in [first & 0x7f] + field.dropFirst() {
                guard value < 1 << 50 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = String(decoding: field, as: UTF8.self).trimmingPrefix { $0 == " " }
        return Int(digits.prefix { ("0"..."7").contains($0) }, radix: 8)
    }

    /// Pax: lines of a length, a space, a name, `=` and a value.
    private static func attributes(_ bytes: [UInt8]) -> [String: String] {
        var found: [String: String] = [:]
        for line in bytes.split(separator: 0x0a) {
            guard let space = line.firstIndex(of: 0x20), let equals = line[space...].firstIndex(of: 0x3d) else {
                continue
            }
            found[String(decoding: line[(space + 1)..<equals], as: UTF8.self)] = String(
                decoding: line[(equals + 1)...], as: UTF8.self)
        }
        return found
    }
}
