import Foundation

/// A text in lines that fit a terminal, broken between words and, where a script has no spaces, between characters.
struct WrappedText {
    let columns: Int
    let indent: String

    func lines(_ text: String) -> String {
        var lines: [String] = []
        var line = indent
        var width = indent.count
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            for (place, piece) in Self.pieces(word).enumerated() {
                let own = Self.width(piece)
                // A space stands before every word but a line's first.
                let space = place == 0 && width > indent.count ? 1 : 0
                if width + space + own > columns, width > indent.count {
                    lines.append(line)
                    (line, width) = (indent, indent.count)
                    line += piece
                    width += own
                } else {
                    line += (space == 1 ? " " : "") + piece
                    width += space + own
                }
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// A word whole, or its characters where it is of wide ones.
    private static func pieces(_ word: Substring) -> [String] {
        guard word.unicodeScalars.contains(where: isWide) else { return [String(word)] }
        var pieces: [String] = []
        for character in word {
            // What styles text stays with what it styles.
            let isOpen = pieces.last.map { $0.hasPrefix("\u{1B}") && !$0.hasSuffix("m") } ?? false
            if isOpen || (pieces.last.map { $0.hasPrefix("\u{1B}") && width($0) == 0 } ?? false) {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
            }
        }
        return pieces
    }

    /// In columns; styles take none.
    static func width(_ text: String) -> Int {
        var (width, isStyle) = (0, false)
        for scalar in text.unicodeScalars {
            if isStyle {
                isStyle = scalar != "m"
            } else if scalar == "\u{1B}" {
                isStyle = true
            } else if !scalar.properties.isGraphemeExtend {
                width += isWide(scalar) ? 2 : 1
            }
        }
        return width
    }

    /// Characters of two columns: East Asian ones, and pictures.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
