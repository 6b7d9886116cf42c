/// Tokens such as `<0x0A>`, which stand for single bytes.
enum ByteFallback {
    static let tokens: [String] = (0...UInt8.max).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return "<0x" + (digits.count == 1 ? "0" : "") + digits + ">"
    }

    /// The byte of such a token; nil for other tokens.
    static func byte(_ token: String) -> UInt8? {
        let bytes = Array(token.utf8)
        guard bytes.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
        // A plus sign passes for a digit, as in the reference.
        return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
    }
}
