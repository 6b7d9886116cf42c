/// Where sentences end: at a stop mark before a space, at an ideographic stop, at a line break.
///
/// They are looked for in scalars: a space and a mark behind it are one character.
package enum Sentences {
    package static func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        let scalars = text.unicodeScalars
        var start = text.startIndex
        var hasWord = false
        var index = start
        func close(at end: String.Index) {
            if hasWord { ranges.append(start..<end) }
            start = end
            hasWord = false
        }
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            switch scalar {
            case "。", "！", "？", "\n":
                close(at: next)
            case "\r":
                if next == scalars.endIndex || scalars[next] != "\n" { close(at: next) }
            case ".", "!", "?":
                if next == scalars.endIndex || scalars[next].properties.isWhitespace { close(at: next) }
            default:
                if !hasWord { hasWord = isWord(scalar) }
            }
            index = next
        }
        close(at: text.endIndex)
        return ranges
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
