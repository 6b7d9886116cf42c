import Memory

/// Puts another value in the place of one of a JSON text, which stays JSON as a rule: what only spoils the grammar
/// never reaches what reads the values.
enum JSONMutator {
    private static let values =
        Dictionary.numbers.filter { $0 != "NaN" && $0 != "Infinity" } + [
            "null", "true", "false", "\"\"", "[]", "{}", "\"x\"", "[[]]", "[0]", "{\"a\":1}", "[null]", "\"\\u0000\"",
            "0.5", "-3",
            "\"\u{1F600}e\u{301}\"", "1e-3", "3", "2", "7", "16", "64", "1000000", "[1,2,3]", "\"../x\"", "-2147483648",
        ]

    static func spoil(_ bytes: inout [UInt8], words: [String], _ random: inout SeededGenerator) {
        let spans = spans(of: bytes)
        guard !spans.isEmpty else { return }
        let span = spans[Int.random(in: spans.indices, using: &random)]
        let other = spans[Int.random(in: spans.indices, using: &random)]
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes.replaceSubrange(span, with: Array(bytes[other]))
        case 1:
            bytes.replaceSubrange(span, with: Array("[\(values[Int.random(in: values.indices, using: &random)])]".utf8))
        case 2:
            let word = words.isEmpty ? "a" : words[Int.random(in: words.indices, using: &random)]
            let letters = word.utf8.filter {
                $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: ":")
            }
            bytes.replaceSubrange(span, with: [0x22] + letters + [0x22])
        case 3:
            // A value once more, behind a comma: arrays grow, members stand twice.
            bytes.insert(contentsOf: [0x2C] + Array(bytes[span]), at: span.upperBound)
        default: bytes.replaceSubrange(span, with: Array(values[Int.random(in: values.indices, using: &random)].utf8))
        }
    }

    /// Where strings, numbers and words are, and arrays and objects without any inside.
    private static func spans(of bytes: [UInt8]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var place = 0
        var opened: Int?
        while place < bytes.count {
            let start = place
            switch bytes[place] {
            case 0x22:
                place += 1
                while place < bytes.count, bytes[place] != 0x22 { place += bytes[place] == 0x5C ? 2 : 1 }
                place = min(place + 1, bytes.count)
                spans.append(start..<place)
            case 0x7B, 0x5B:
                opened = place
                place += 1
            case 0x7D, 0x5D:
                place += 1
                if let first = opened { spans.append(first..<place) }
                opened = nil
            case 0x30...0x39, 0x2D, 0x61...0x7A:
                while place < bytes.count, isOfWord(bytes[place]) { place += 1 }
                spans.append(start..<place)
            default: place += 1
            }
        }
        return spans
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || [0x2D, 0x2B, 0x2E, 0x45].contains(byte)
    }
}
