/// White space as Unicode has it, looked for in scalars and bytes.
///
/// Never in characters: a blank and the mark that follows it are one character to Swift, and so are a
/// carriage return and a line feed; what is cut or dropped there would take marks with it.
package enum WhiteSpace {
    /// The words between white space; together they have every scalar that is none.
    package static func words(of text: some StringProtocol) -> [Substring] {
        Substring(text).unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map(Substring.init)
    }

    /// How many words there are.
    ///
    /// - Complexity: O(bytes), without allocations.
    package static func wordCount(_ text: some StringProtocol) -> Int {
        var count = 0
        var isInside = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if !isSpace, !isInside { count += 1 }
            isInside = !isSpace
        }
        return count
    }

    /// The words with one space between each two.
    package static func collapsed(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var text = String(text)
        text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the words of UTF-8 with one space between each two, and one before the first where
    /// something stands there already.
    static func append(_ bytes: UnsafeRawBufferPointer, to target: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let space = length(in: bytes, at: index)
            guard space == 0 else {
                index += space
                continue
            }
            let start = index
            while index < bytes.count, length(in: bytes, at: index) == 0 { index += 1 }
            if !target.isEmpty { target.append(0x20) }
            target.append(contentsOf: bytes[start..<index])
        }
    }

    /// Whether UTF-8 has nothing but white space.
    static func isAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            let space = length(in: bytes, at: index)
            if space == 0 { return false }
            index += space
        }
        return true
    }

    /// The bytes of the white space at an index of UTF-8; 0 where there is something else.
    @inline(__always)
    static func length(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let byte = bytes[index]
        if byte < 0x80 { return byte == 0x20 || 0x09...0x0d ~= byte ? 1 : 0 }
        return longLength(byte, bytes, index)
    }

    private static func longLength(_ byte: UInt8, _ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
        guard index + 1 < bytes.count else { return 0 }
        let second = bytes[index + 1]
        if byte == 0xc2 { return second == 0x85 || second == 0xa0 ? 2 : 0 }
        guard byte >= 0xe1, byte <= 0xe3, index + 2 < bytes.count else { return 0 }
        let third = bytes[index + 2]
        let isSpace =
            switch (byte, second) {
            case (0xe1, 0x9a): third == 0x80
            case (0xe2, 0x80): third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf
            case (0xe2, 0x81): third == 0x9f
            case (0xe3, 0x80): third == 0x80
            default: false
            }
        return isSpace ? 3 : 0
    }
}
