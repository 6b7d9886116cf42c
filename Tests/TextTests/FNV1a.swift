import Text

/// The hash of the fixtures: FNV-1a over little-endian numbers.
struct FNV1a {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ number: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            value = (value ^ UInt64(number >> shift & 0xFF)) &* 0x100_0000_01B3
        }
    }

    /// Adds the number, the start and the end of every token.
    mutating func add(_ encoding: Encoding) {
        for (id, range) in zip(encoding.ids, encoding.offsets) {
            add(UInt32(bitPattern: id))
            add(UInt32(range.lowerBound))
            add(UInt32(range.upperBound))
        }
    }

    var hex: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
