/// The words of a text as ranges of it.
///
/// A run without white space is a word; in scripts that are written without spaces every character
/// counts as a word, so that such texts can be cut too.
struct WordSpans {
    private(set) var spans: [Range<String.Index>] = []

    init(_ text: String) {
        let scalars = text.unicodeScalars
        var start: String.Index?
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let after = scalars.index(after: index)
            if scalar.properties.isWhitespace {
                if let begun = start { spans.append(begun..<index) }
                start = nil
            } else if Self.standsAlone(scalar) {
                if let begun = start { spans.append(begun..<index) }
                start = nil
                spans.append(index..<after)
            } else if start == nil {
                start = index
            }
            index = after
        }
        if let begun = start { spans.append(begun..<scalars.endIndex) }
    }

    var count: Int { spans.count }

    /// Kana, Han, Thai, Lao, Burmese and Khmer letters.
    private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0e00...0x0eff, 0x1000...0x109f, 0x1780...0x17ff, 0x3040...0x30ff, 0x3400...0x4dbf,
            0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3134f:
            scalar.properties.isAlphabetic
        default: false
        }
    }
}
