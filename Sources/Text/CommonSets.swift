/// Sets of scalars that several stages ask for.
enum CommonSets {
    /// Word characters as added tokens and `Whitespace` see them, joiners included.
    static let word = ScalarSet { ScalarClass.word.contains($0) || $0.properties.isJoinControl }
    /// What has a word boundary to other characters in a pattern: word characters, and the
    /// superscripts and fractions of Latin-1, as in the reference.
    static let bounded = ScalarSet { scalar in
        switch scalar.value {
        case 0xB2, 0xB3, 0xB9, 0xBC...0xBE: true
        default: ScalarClass.word.contains(scalar)
        }
    }
    static let whitespace = ScalarSet { $0.properties.isWhitespace }
    static let numeric = ScalarSet { ScalarClass.numeric.contains($0) }
    /// ASCII punctuation and symbols, and the punctuation of Unicode 8.
    static let punctuation = ScalarSet { scalar in
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: UnicodeEight.isPunctuation(scalar)
        }
    }
}
