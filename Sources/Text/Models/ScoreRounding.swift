/// Rounds a number as the reference's JSON parser does.
///
/// That parser divides the decimal digits, as a whole number, by a power of ten, each rounded;
/// the quotient may be the double beside the nearest one. Sums of scores tie often enough ("I" +
/// "II", "II" + "I") that the last bit decides between two ways to cut a word. Files hold the
/// shortest digits that tell a double apart, so that the digits follow from the double.
enum ScoreRounding {
    private static let powers: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }

    static func rounded(_ value: Double) -> Double {
        var significand: UInt64 = 0
        var exponent = 0
        var isFraction = false
        var text = Substring(value.magnitude.description)
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            significand = significand &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
            if isFraction { exponent -= 1 }
        }
        guard significand > 0 else { return 0 }
        var result = Double(significand)
        if exponent >= 0 {
            guard exponent < powers.count else { return value }
            result *= powers[exponent]
        } else {
            while exponent < -308 {
                result /= powers[308]
                exponent += 308
            }
            result /= powers[-exponent]
        }
        guard result.isFinite else { return value }
        return value < 0 ? -result : result
    }
}
