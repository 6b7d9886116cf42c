import CKernels

/// SHA-256 of a stream of bytes (FIPS 180-4).
package struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    package init() {
        pending.reserveCapacity(64)
    }

    /// Appends bytes to the message.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let taken = rest.prefix(64 - pending.count)
            pending.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            guard pending.count == 64 else { return }
            pending.withUnsafeBytes { ck_sha256_blocks(&state, $0.baseAddress, 1) }
            pending.removeAll(keepingCapacity: true)
        }
        let blocks = UnsafeRawBufferPointer(rebasing: rest.prefix(rest.count & ~63))
        if !blocks.isEmpty { ck_sha256_blocks(&state, blocks.baseAddress, blocks.count / 64) }
        pending.append(contentsOf: rest.dropFirst(blocks.count))
    }

    /// Appends bytes to the message.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Appends the UTF-8 bytes of a string to the message.
    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of everything appended so far: 32 bytes.
    package func digest() -> [UInt8] {
        var copy = self
        var tail: [UInt8] = [0x80]
        while (pending.count + tail.count) % 64 != 56 { tail.append(0) }
        let bits = byteCount &* 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        copy.update(tail)
        var bytes: [UInt8] = []
        for word in copy.state {
            for shift: UInt32 in [24, 16, 8, 0] {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return bytes
    }

    /// The digest of everything appended so far, as 64 lowercase hexadecimal digits.
    package func hex() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The digest of `bytes` in hexadecimal.
    package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hex()
    }
}
