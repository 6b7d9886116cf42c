/// A score as runs write it, with the value that C's `strtod` gives.
enum ScoreText {
    /// Powers of ten that a double holds exactly.
    private static let powers: [Double] = (0...22).reduce(into: []) { powers, exponent in
        powers.append(exponent == 0 ? 1 : (powers.last ?? 1) * 10)
    }

    /// Nil where the text is no number; infinities are numbers, as lists have an order with them.
    ///
    /// Up to fifteen digits and a small exponent are exact in double precision, so that one rounding
    /// gives the nearest double; the rest goes the long way.
    static func value(_ bytes: UnsafeRawBufferPointer) -> Double? {
        var index = 0
        let isNegative = bytes.first == 0x2d
        if isNegative || bytes.first == 0x2b { index = 1 }
        var digits: UInt64 = 0
        var count = 0
        var decimals = 0
        var hasPoint = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x2e, !hasPoint {
                hasPoint = true
            } else if (0x30...0x39).contains(byte) {
                count += 1
                if count > 15 { return longValue(bytes) }
                digits = digits * 10 + UInt64(byte - 0x30)
                if hasPoint { decimals += 1 }
            } else {
                return longValue(bytes)
            }
            index += 1
        }
        guard count > 0 else { return nil }
        let value = Double(digits) / powers[decimals]
        return isNegative ? -value : value
    }

    private static func longValue(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), !value.isNaN else { return nil }
        return value
    }
}
