/// A normaliser that maps each scalar to a few, whatever stands beside it.
struct ScalarMap: Sendable {
    private let pages: ScalarPages
    /// Scalars that stay as they are.
    private let unchanged: ScalarSet

    init(_ map: @escaping @Sendable (Unicode.Scalar) -> [UInt8]) {
        pages = ScalarPages(map)
        unchanged = ScalarSet { map($0).elementsEqual(String(Character($0)).utf8) }
    }

    static func lowercase() -> ScalarMap {
        ScalarMap { Array($0.properties.lowercaseMapping.utf8) }
    }

    /// Drops combining marks; letters that are composed with one keep it.
    static func withoutMarks() -> ScalarMap {
        ScalarMap { UnicodeNine.isMark($0) ? [] : Array(String(Character($0)).utf8) }
    }

    /// SentencePiece's clean-up: most control characters go, odd spaces become plain ones.
    static func nmt() -> ScalarMap {
        ScalarMap { scalar in
            switch scalar.value {
            case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: []
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
                0xFFFD:
                [0x20]
            default: Array(String(Character(scalar)).utf8)
            }
        }
    }

    /// Spells bytes with the characters of byte-level vocabularies.
    static func byteLevel() -> ScalarMap {
        ScalarMap { scalar in
            String(Character(scalar)).utf8.flatMap { ByteLevelAlphabet.utf8[Int($0)] }
        }
    }

    /// Writes the mapped text; false when nothing changes.
    func apply(to text: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText) -> Bool {
        let unchanged = unchanged.view
        var index = 0
        while index < text.count {
            let (scalar, length) = text.scalar(at: index)
            if !unchanged.contains(scalar) { break }
            index += length
        }
        if index == text.count { return false }
        output.reserve(text.count)
        output.append(text, 0..<index)
        while index < text.count {
            let (scalar, length) = text.scalar(at: index)
            let end = index + length
            if unchanged.contains(scalar) {
                for position in index..<end { output.append(text[position], from: index, to: end) }
            } else {
                for byte in pages[scalar] { output.append(byte, from: index, to: end) }
            }
            index = end
        }
        return true
    }
}
