/// The words of a text as ranges of it.
///
/// A run without white space is a word; in scripts that are written without spaces every character
/// counts as a word, so that such texts can be cut too.
package struct WordSpans {
    package private(set) var spans: [Range<String.Index>] = []

    /// The ranges are those of the text that a part of a text is a part of.
    package init(_ text: some StringProtocol) {
        let scalars = text.unicodeScalars
        var start: String.Index?
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let after = scalars.index(after: index)
            if scalar.properties.isWhitespace {
                if let begun = start { spans.append(begun..<index) }
                start = nil
            } else if start == nil, let last = spans.last, last.upperBound == index, Self.belongsBefore(scalar) {
                // A mark is not torn from the letter that it stands on.
                spans[spans.count - 1] = last.lowerBound..<after
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

    package var count: Int { spans.count }

    /// Combining marks, joiners and variation selectors.
    private static func belongsBefore(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return true
        default: return false
        }
    }

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
