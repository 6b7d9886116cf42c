/// A hash over all that a search chose, to see whether two programs chose the same.
///
/// FNV-1a of 64 bits over the bytes of each token and its beam, as little-endian words.
package struct ChoiceHash: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(token: Int32, beam: Int32) {
        add(token)
        add(beam)
    }

    /// Adds the four bytes of a word, lowest first.
    package mutating func add(_ word: Int32) {
        var bits = UInt32(bitPattern: word)
        for _ in 0..<4 {
            value = (value ^ UInt64(bits & 0xFF)) &* 0x100_0000_01B3
            bits >>= 8
        }
    }

    /// Sixteen hexadecimal digits.
    package var hex: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
