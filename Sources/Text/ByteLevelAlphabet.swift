/// The visible characters that stand for bytes in byte-level vocabularies, as GPT-2 chose them:
/// printable Latin-1 for itself, the other bytes in order from U+0100 on.
enum ByteLevelAlphabet {
    /// The scalar of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt8 = 0
        return (0...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                return Unicode.Scalar(UInt16(0x100) + UInt16(next)) ?? "?"
            }
        }
    }()

    /// The UTF-8 of each byte's scalar.
    static let utf8: [[UInt8]] = scalars.map { Array(String(Character($0)).utf8) }

    /// The scalar for a space, "Ġ".
    static let space = scalars[0x20]

    private static let bytes: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 0x200)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt8(byte) }
        return table
    }()

    /// The byte of a scalar; nil for scalars outside the alphabet.
    @inline(__always)
    static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        scalar.value < 0x200 ? bytes[Int(scalar.value)] : nil
    }

    /// The bytes that a token stands for; nil when it has characters outside the alphabet.
    static func decode(_ token: String) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(token.utf8.count)
        for scalar in token.unicodeScalars {
            guard let byte = byte(scalar) else { return nil }
            decoded.append(byte)
        }
        return decoded
    }
}
