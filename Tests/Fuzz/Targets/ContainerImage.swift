import CKernels

/// A container file taken apart and put together again, with the checksums that its contents ask for: a checksum is no
/// signature, and what opens with right ones must not trap.
package struct ContainerImage {
    package struct Section {
        package var name: String
        package var bytes: [UInt8]
    }

    private var kind: [UInt8]
    package var sections: [Section] = []

    package init(kind: String, sections: [Section]) {
        self.kind = Array(kind.utf8) + [UInt8](repeating: 0, count: 32 - kind.utf8.count)
        self.sections = sections
    }

    /// Nil where the bytes are none, or have been spoilt.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4096, bytes.starts(with: Array("GENRETF1".utf8)) else { return nil }
        kind = Array(bytes[32..<64])
        let count = Int(Self.number(bytes, 12, 4))
        guard count <= 63 else { return nil }
        for index in 0..<count {
            let entry = 64 + 64 * index
            let (offset, length) = (Self.number(bytes, entry + 40, 8), Self.number(bytes, entry + 48, 8))
            guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset else { return nil }
            let name = String(decoding: bytes[entry..<entry + 40].prefix { $0 != 0 }, as: UTF8.self)
            sections.append(Section(name: name, bytes: Array(bytes[Int(offset)..<Int(offset + length)])))
        }
    }

    package var bytes: [UInt8] {
        var data: [UInt8] = []
        var table: [UInt8] = []
        for section in sections {
            data.append(contentsOf: repeatElement(0, count: -data.count & 63))
            table += Array(section.name.utf8.prefix(39))
            table.append(contentsOf: repeatElement(0, count: -table.count & 63))
            table.removeLast(24)
            Self.append(UInt64(4096 + data.count), 8, to: &table)
            Self.append(UInt64(section.bytes.count), 8, to: &table)
            Self.append(0, 8, to: &table)
            data += section.bytes
        }
        var head = Array("GENRETF1".utf8)
        Self.append(1, 4, to: &head)
        Self.append(UInt64(sections.count), 4, to: &head)
        Self.append(UInt64(4096 + data.count), 8, to: &head)
        Self.append(0, 8, to: &head)
        var all = head + kind + table
        all += [UInt8](repeating: 0, count: 4096 - all.count) + data
        Self.reseal(&all)
        return all
    }

    /// Makes all checksums right for what the head says, as far as that lies in the file.
    static func reseal(_ bytes: inout [UInt8]) {
        guard bytes.count >= 4096 else { return }
        let count = min(63, Int(number(bytes, 12, 4)))
        for index in 0..<count {
            let entry = 64 + 64 * index
            let (offset, length) = (number(bytes, entry + 40, 8), number(bytes, entry + 48, 8))
            guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset else { continue }
            put(checksum(bytes, Int(offset)..<Int(offset + length)), at: entry + 56, in: &bytes)
        }
        put(checksum(bytes, 64..<64 + 64 * count), at: 24, in: &bytes)
        put(checksum(bytes, 32..<64, from: checksum(bytes, 0..<28)), at: 28, in: &bytes)
    }

    private static func checksum(_ bytes: [UInt8], _ range: Range<Int>, from start: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBufferPointer { ck_crc32c(start, $0.baseAddress.map { $0 + range.lowerBound }, range.count) }
    }

    private static func put(_ value: UInt32, at place: Int, in bytes: inout [UInt8]) {
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    }

    private static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }
}
