/// What breaks readers: punctuation, escapes, nesting, numbers at the edges, oddities of Unicode.
enum Dictionary {
    static let numbers = [
        "0", "-1", "1", "-0", "255", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1e308", "1e309", "-1e309", "1e-400", "0.1", "NaN", "Infinity", "1e18",
        "99999999999999999999999999999999999999", "1000000000", "1e9",
    ]

    private static let punctuation = [
        "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u", "\\ud800", "\\udc00\\ud800", "\\u0000", "\\n", "null",
        "true", "false", "{}", "[]", "\"\"", "[[[[", "{\"a\":", "\t", "\n", "\r\n", "\r", "\"\"\"", ";", "|", "'",
        " ", "  ", "<", ">", "&amp;", "&#x110000;", "&#0;", "---\n", "```\n", "# ", "* ", "<!--", "-->", "<table>",
    ]

    private static let unicode = [
        "\u{FEFF}", "\u{0301}", "e\u{0301}\u{0301}\u{0301}", "\u{200D}", "👩‍👩‍👧‍👦", "\u{202E}", "\u{FFFD}", "ﷺ", "İ", "ß",
        "\u{10FFFF}", "\u{0}", "\u{85}", "\u{2028}", "\u{3000}", "가", "한국", "𝒳", "ﬁ", "\u{1100}\u{1161}\u{11A8}",
    ]

    static func words(of shape: FuzzTarget.Shape) -> [String] { numbers + punctuation + unicode }

    /// What is no UTF-8.
    static let raw: [[UInt8]] = [
        [0xFF], [0xFE, 0xFF], [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
        [0xE2, 0x82], [0xF0, 0x9F], [0xC3], [0x00], [0x1A], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xEF, 0xBB, 0xBF],
        [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0x7F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0, 0, 0, 0, 0x80], [0, 0, 0, 0, 1, 0, 0, 0],
    ]
}
