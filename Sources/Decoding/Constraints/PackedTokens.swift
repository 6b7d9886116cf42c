import Memory

/// Tokens in 2, 3 or 4 bytes each: the fewest that hold the largest, 4 where one is negative.
struct PackedTokens: Sendable {
    let width: Int
    let bytes: FrozenArray<UInt8>

    /// Bytes after the last token, so that every token can be read as four.
    static let padding = 2

    init(_ tokens: [Int32]) {
        let isNegative = tokens.contains { $0 < 0 }
        let largest = tokens.max() ?? 0
        let width = isNegative || largest >= 1 << 24 ? 4 : largest >= 1 << 16 ? 3 : 2
        self.width = width
        bytes = FrozenArray(count: tokens.count * width + Self.padding) { bytes in
            for (index, token) in tokens.enumerated() {
                for byte in 0..<width {
                    bytes[index * width + byte] = UInt8(truncatingIfNeeded: token >> (8 * Int32(byte)))
                }
            }
        }
    }

    /// Takes bytes that were packed before; nil when they are not whole tokens of a known width.
    init?(width: Int, bytes: FrozenArray<UInt8>) {
        guard (2...4).contains(width), bytes.count >= Self.padding,
            (bytes.count - Self.padding) % width == 0
        else { return nil }
        self.width = width
        self.bytes = bytes
    }

    var count: Int { (bytes.count - Self.padding) / width }

    /// O(1).
    subscript(index: Int) -> Int32 {
        @inline(__always) get {
            precondition(index >= 0 && index < count, "no such token")
            let start = UnsafeRawPointer(bytes.unsafeBase) + index * width
            let low = UInt32(UInt16(littleEndian: start.loadUnaligned(as: UInt16.self)))
            if width == 2 { return Int32(low) }
            let high = UInt32(UInt16(littleEndian: (start + 2).loadUnaligned(as: UInt16.self))) << 16
            return Int32(bitPattern: width == 3 ? (low | high) & 0xFF_FFFF : low | high)
        }
    }
}
