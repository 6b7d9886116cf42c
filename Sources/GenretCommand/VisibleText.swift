/// Text of others made safe to show: a terminal obeys control characters, so that a passage could clear
/// the screen, set the clipboard or hide a link.
enum VisibleText {
    /// What this program sends a terminal itself; nothing of it does harm in the mouth of others.
    private static let own: [[Unicode.Scalar]] = [
        "\u{1B}[1;33m", "\u{1B}[1m", "\u{1B}[2m", "\u{1B}[0m", "\r\u{1B}[K",
    ]
    .map { Array($0.unicodeScalars) }

    /// Control characters but line feeds and tabs become `\u001b` and the like, as in JSON, which this
    /// leaves valid and the same.
    static func of(_ text: String) -> String {
        guard
            text.utf8.contains(where: {
                $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2
            })
        else { return text }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            if let known = own.first(where: { scalars[place...].starts(with: $0) }) {
                result.append(contentsOf: known)
                place += known.count
                continue
            }
            if isControl(scalar) {
                let digits = String(scalar.value, radix: 16)
                result.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            } else {
                result.append(scalar)
            }
            place += 1
        }
        return String(result)
    }

    /// The two ranges of control characters, and the characters that turn the direction of what follows.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
