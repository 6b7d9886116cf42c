/// How wide a text will be, without a font: Helvetica's widths and some room, since readers have other fonts.
package enum TextWidth {
    /// The width of a text in units of the drawing.
    ///
    /// - Complexity: linear in the text.
    package static func of(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width($1) } * size * 1.06
    }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "'", "|": 0.222
        case "f", "t", "I", ".", ",", ":", ";", "!", "/", " ", "[", "]": 0.278
        case "r", "(", ")", "-", "`": 0.333
        case "c", "k", "s", "v", "x", "y", "z", "J": 0.5
        case "m", "M": 0.833
        case "w", "C", "D", "H", "N", "R", "U": 0.722
        case "G", "O", "Q": 0.778
        case "W": 0.944
        case "A", "B", "E", "K", "P", "S", "V", "X", "Y", "&": 0.667
        case "@": 1.015
        case "%": 0.889
        case "+", "=", "<", ">", "~", "×", "±": 0.584
        case _ where scalar.value >= 0x1100: 1
        default: 0.556
        }
    }

    /// A text cut to a width, with an ellipsis where something is left out.
    package static func fitted(_ text: String, size: Double, width: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var short = text
        while !short.isEmpty, of(short + "…", size: size) > width { short.removeLast() }
        return short + "…"
    }
}
