/// Lines of mixed-script text from a seed, the same as those of `Fixtures/mixed_lines.py`.
enum MixedLines {
    static func line(_ number: Int) -> String {
        var generator = Generator(state: 0x6D_6978_6564 &+ UInt64(number))
        var text = String.UnicodeScalarView()
        for _ in 0..<1 + generator.below(12) {
            text.append(contentsOf: segment(&generator).unicodeScalars)
            if generator.below(5) > 0 { text.append(" ") }
        }
        return String(text)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    struct Generator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }

        mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

        mutating func run(_ block: Block, _ longest: Int) -> String {
            var text = String.UnicodeScalarView()
            for _ in 0..<1 + below(longest) {
                text.append(Unicode.Scalar(UInt32(block.first + below(block.count)))!)
            }
            return String(text)
        }

        mutating func join(_ items: [String], _ longest: Int) -> String {
            var text = String.UnicodeScalarView()
            for _ in 0..<1 + below(longest) { text.append(contentsOf: pick(items).unicodeScalars) }
            return String(text)
        }
    }

    struct Block {
        let first: Int
        let count: Int
    }

    private static func segment(_ g: inout Generator) -> String {
        switch g.below(28) {
        case 0..<9:
            let word = g.pick(words)
            switch g.below(8) {
            case 0: return word.prefix(1).uppercased() + word.dropFirst()
            case 1: return word.uppercased()
            default: return word
            }
        case 9: return g.run(lowercase, 12)
        case 10:
            let start = g.below(4) == 0 ? g.pick(digits) : 0x30
            return g.run(Block(first: start, count: 10), 7)
        case 11: return g.join(punctuation, 4)
        case 12: return g.pick(contractions)
        case 13: return g.pick(spaces)
        case 14: return g.pick(escapes)
        case 15: return g.join(emoji, 3)
        case 16: return g.run(lowercase, 3) + g.pick(marked) + g.run(lowercase, 3)
        case 17: return g.pick(odd)
        case 18: return g.pick(controls)
        case 19: return g.run(g.pick([latin, greek, cyrillic]), 8)
        case 20: return g.run(g.pick([han, kana]), 6)
        case 21: return g.run(g.pick([arabic, hebrew]), 7)
        case 22: return g.run(g.pick([devanagari, tamil]), 7)
        case 23: return g.run(thai, 9)
        case 24: return g.run(hangul, 4)
        case 25: return g.run(mathematical, 4)
        case 26: return g.pick(words) + g.pick(marked)
        default: return g.pick(words) + g.pick(punctuation)
        }
    }

    private static let words = """
        the of and to in is for that it with as was on by are this be from or have an not which \
        one search index query document token language model retrieval because between through \
        different important information international understanding unbelievable running jumped \
        quickly happiness state-of-the-art e-mail HTTP JSON iPhone McDonald naïve café Zürich
        """.split(separator: " ").map(String.init)
    private static let contractions = [
        "don't", "I'm", "we'll", "THEY'RE", "he'd", "it's", "You've", "'tis", "O'Neil's", "DON'T",
        "i\u{2019}m", "'", "''", "'S", "'\u{17f}",
    ]
    private static let spaces = [
        " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\r", "\u{a0}", "\u{3000}", "\u{2028}",
        "\u{200b}", "\u{85}", " \n ", "      ", "\u{2009}", "\u{1680}", "\u{180e}",
    ]
    private static let escapes = [
        "\\n", "\\t", "\\u00e9", "\\x41", "%20", "&amp;", "C:\\temp\\new",
        "https://a.example/b?c=d#e", "{\"a\": [1, 2.5e-3]}", "x += 1; // y", "<b>bold</b>",
        "user@mail.example",
    ]
    private static let emoji = [
        "\u{1f600}", "\u{1f44d}\u{1f3fd}", "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{1f1e9}\u{1f1ea}", "\u{2764}\u{fe0f}", "\u{263a}", "1\u{fe0f}\u{20e3}",
        "\u{1f3f4}\u{200d}\u{2620}\u{fe0f}", "\u{1f1e9}", "\u{200d}", "\u{2708}",
    ]
    private static let marked = [
        "e\u{301}", "n\u{303}", "a\u{308}\u{323}", "\u{301}", "o\u{302}\u{301}", "c\u{327}",
        "\u{212b}", "\u{1e9b}\u{323}", "\u{1d5}", "\u{958}", "\u{344}", "s\u{323}\u{307}",
        "\u{1100}\u{1161}\u{11a8}", "\u{ac00}\u{11a8}", "I\u{307}", "\u{3b1}\u{345}\u{301}",
        "d\u{307}\u{323}x", "\u{915}\u{93c}",
    ]
    private static let odd = [
        "<s>", "</s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "<|endoftext|>",
        "\u{2581}", "\u{2581}\u{2581}a", "<0x41>", "\u{120}", "##ing", "\u{fb01}", "\u{2460}",
        "\u{ff21}\u{ff42}\u{ff11}", "\u{bd}", "\u{2167}", "\u{33a5}", "\u{fdfa}", "\u{ad}",
        "\u{2122}", "\u{3392}", "\u{ff76}\u{ff9e}", "\u{1d2c}", "\u{fffd}", "\u{130}", "\u{1e9e}",
        "\u{3a3}\u{3c3}\u{3c2}", "\u{17f}", "\u{2026}", "\u{aa}", "\u{e000}", "\u{f0000}",
        "<extra>",
    ]
    private static let controls = [
        "\0", "\u{1}", "\u{7}", "\u{8}", "\u{b}", "\u{c}", "\u{1b}", "\u{7f}", "\u{80}", "\u{9f}",
        "\u{200e}", "\u{202e}", "\u{2060}", "\u{feff}", "\u{1f}",
    ]
    private static let punctuation = """
        .,;:!?-_()[]{}<>@#$%^&*+=/\\|~`"'\u{2013}\u{2014}\u{201c}\u{201d}\u{2018}\u{ab}\u{bb}\
        \u{bf}\u{3002}\u{3001}\u{60c}\u{964}
        """.unicodeScalars.map { String($0) }

    private static let lowercase = Block(first: 0x61, count: 26)
    private static let latin = Block(first: 0xC0, count: 0x1C0)
    private static let greek = Block(first: 0x391, count: 0x39)
    private static let cyrillic = Block(first: 0x400, count: 0x100)
    private static let han = Block(first: 0x4E00, count: 0x1000)
    private static let kana = Block(first: 0x3041, count: 0xB6)
    private static let arabic = Block(first: 0x620, count: 0x40)
    private static let hebrew = Block(first: 0x5B0, count: 0x3B)
    private static let devanagari = Block(first: 0x900, count: 0x70)
    private static let tamil = Block(first: 0xB82, count: 0x70)
    private static let thai = Block(first: 0xE01, count: 0x5B)
    private static let hangul = Block(first: 0xAC00, count: 0x2BA4)
    private static let mathematical = Block(first: 0x1D400, count: 0x100)
    private static let digits = [0x30, 0x660, 0x966, 0xFF10, 0x2070, 0x2160]
}
