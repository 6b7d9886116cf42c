import Foundation

/// MD5 (RFC 1321): no protection against anybody, but the checksum that data sets are published with.
package struct MD5 {
    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
    /// The whole part of 2³² times the sine of 1 to 64.
    private static let sines: [UInt32] = (1...64).map { UInt32(4_294_967_296 * abs(sin(Double($0)))) }

    private var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476)
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    package init() {}

    /// Takes the next bytes; O(bytes).
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        count += UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let taken = rest.prefix(64 - pending.count)
            pending.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            guard pending.count == 64 else { return }
            let full = pending
            full.withUnsafeBytes { block($0) }
            pending.removeAll(keepingCapacity: true)
        }
        while rest.count >= 64 {
            block(UnsafeRawBufferPointer(rebasing: rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        pending.append(contentsOf: rest)
    }

    /// The digest of all bytes, in 32 hexadecimal digits.
    package consuming func finish() -> String {
        let bits = count &* 8
        let zeros = (119 - Int(count % 64)) % 64
        let padding =
            [0x80] + [UInt8](repeating: 0, count: zeros) + (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        padding.withUnsafeBytes { update($0) }
        let digits = Array("0123456789abcdef")
        var text = ""
        for word in [state.0, state.1, state.2, state.3] {
            for shift in [0, 8, 16, 24] as [UInt32] {
                let byte = Int(word >> shift & 0xff)
                text.append(digits[byte >> 4])
                text.append(digits[byte & 15])
            }
        }
        return text
    }

    /// The digest of a file, as it is stored.
    static func ofFile(_ path: String) throws(CorpusError) -> String {
        let file = try InputFile(path: path).open()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var digest = MD5()
        while true {
            let got = file.read(buffer.baseAddress, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
            if got == 0 { return digest.finish() }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
        }
    }

    private mutating func block(_ bytes: UnsafeRawBufferPointer) {
        var (a, b, c, d) = state
        Self.sines.withUnsafeBufferPointer { sines in
            Self.shifts.withUnsafeBufferPointer { shifts in
                for step in 0..<64 {
                    let mixed: UInt32
                    let word: Int
                    switch step >> 4 {
                    case 0: (mixed, word) = (d ^ (b & (c ^ d)), step)
                    case 1: (mixed, word) = (c ^ (d & (b ^ c)), (5 * step + 1) & 15)
                    case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) & 15)
                    default: (mixed, word) = (c ^ (b | ~d), 7 * step & 15)
                    }
                    let value = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
                    let sum = a &+ mixed &+ sines[step] &+ value
                    let shift = shifts[(step >> 4) * 4 + (step & 3)]
                    (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
                }
            }
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }
}
