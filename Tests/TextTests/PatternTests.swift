import Foundation
import Storage
import Testing
import Text

/// Regular expressions, through a pre-tokenizer that cuts at their matches.
@Suite struct PatternTests {
    /// Cuts isolated; the whole text is one word for the model, so that words show in offsets.
    private static func tokenizer(_ regex: String) throws -> Tokenizer {
        let model = JSONValue.object([
            .init("type", .string("WordLevel")), .init("unk_token", .string("u")),
            .init("vocab", .object([.init("u", .number(0))])),
        ])
        let split = JSONValue.object([
            .init("type", .string("Split")), .init("behavior", .string("Isolated")),
            .init("pattern", .object([.init("Regex", .string(regex))])),
            .init("invert", .bool(false)),
        ])
        return try Tokenizer.assembled(model: model, ["pre_tokenizer": split])
    }

    private static func words(_ regex: String, _ text: String) throws -> [String] {
        let utf8 = Array(text.utf8)
        return try tokenizer(regex).encode(text).offsets.map {
            String(decoding: utf8[$0], as: UTF8.self)
        }
    }

    @Test(
        "Matches",
        arguments: [
            ("a+", "baab", "b|aa|b"), ("a+?", "aab", "a|a|b"), ("a*+a", "aab", "aab"),
            ("(?:ab){2}", "ababab", "abab|ab"), ("a{2,3}", "aaaaa", "aaa|aa"),
            ("ab|a", "aab", "a|ab"), ("a|ab", "ab", "a|b"), ("(?=b)a|b", "ab", "a|b"),
            ("(?!b).", "ab", "a|b"), ("(?<=a)b", "abb", "a|b|b"), ("(?<!a)b", "abb", "ab|b"),
            ("(?>a+|b)b", "aab", "aab"), ("(?i)ÄB", "äb ÄB", "äb| |ÄB"),
            ("(?i:k)x", "\u{212A}x", "\u{212A}x"),
            ("[^\\d\\s]+", "ab12 c", "ab|12 |c"), ("[a\\-z]+", "a-z b", "a-z| b"),
            ("\\p{Han}?x|", "x", nil), ("\\u00e9", "caf\u{e9}", "caf|\u{e9}"),
            ("^a|a$", "a\na", "a|\n|a"), ("\\Aa|a\\z", "aaa", "a|a|a"),
            ("(a(b(c)?)?)+", "ababcd", "ababc|d"), ("(?#note)b", "abc", "a|b|c"),
        ] as [(String, String, String?)])
    func matches(regex: String, text: String, expected: String?) throws {
        guard let expected else {
            #expect(throws: TokenizerError.self) { try PatternTests.words(regex, text) }
            return
        }
        #expect(try PatternTests.words(regex, text).joined(separator: "|") == expected)
    }

    @Test(
        "What is not supported is said so",
        arguments: [
            "(a)\\1", "\\p{Greek}", "[a&&b]", "(a*)*",
            "(?:a?)+", "(?:a?){2}", "\\Ga", "\\X", "(?x:a)", "a{1,2000}",
            "(?<=a|bc)d", "(?(1)a)", "[[:graph:]]", "\\k<a>", "\\pL",
            "((((((((((a{1000}){1000}){1000})))))))){9}",
        ])
    func unsupported(regex: String) throws { try expectUnsupported(regex) }

    @Test("Groups in groups in groups are not supported") func deep() throws {
        try expectUnsupported(String(repeating: "(", count: 500) + "a" + String(repeating: ")", count: 500))
    }

    private func expectUnsupported(_ regex: String) throws {
        let error = try #require(throws: TokenizerError.self) { try PatternTests.tokenizer(regex) }
        #expect(error.kind == .unsupported)
        #expect(error.reason.contains("regular expression"))
    }

    @Test(
        "What is broken is said so",
        arguments: [
            "(", ")", "[", "a)", "(?", "(?<a", "*a", "[z-a]", "\\", "\\x{D800}", "\\x{110000}",
            "\\p{L", "a{3,2}", "(?i", "(?#", "[[:alpha:",
        ])
    func malformed(regex: String) throws {
        let error = try #require(throws: TokenizerError.self) { try PatternTests.tokenizer(regex) }
        #expect(error.kind == .malformed)
    }

    /// Patterns that take exponential or quadratic time when nobody counts.
    @Test(
        "Bombs end",
        arguments: [
            "(?:a+)+b", "(?:a|a|aa)+$b", "(?:(?:a{0,9}a){0,9}a){0,9}b", "(?:x+x+)+y", "a+a+a+a+a+b",
            "(?=(?:a+)+b)a", "(?:(?!(?:a+)+b)a)+c", "(?:a|aa){500}b",
        ])
    func bombs(regex: String) throws {
        let tokenizer = try PatternTests.tokenizer(regex)
        for text in ["a", "ax", "x"].map({ String(repeating: $0, count: 10_000) }) {
            #expect(tokenizer.encode(text).count > 0)
        }
    }

    /// Broken patterns throw, and whatever compiles ends.
    @Test func randomPatterns() throws {
        let pieces = [
            "a", "b", "(", ")", "(?:", "[", "]", "^", "-", "|", "*", "+", "?", "{2}", "{1,3}", "\\p{L}",
            "\\s", "(?!", "(?=", "(?<=", "(?>", "\\", ".", "$", "é", "(?i)", "\\b", "{", "}", "😀",
        ]
        var generator = MixedLines.Generator(state: 11)
        var compiled = 0
        for _ in 0..<6_000 {
            let regex = generator.join(pieces, 12)
            guard let tokenizer = try? PatternTests.tokenizer(regex) else { continue }
            compiled += 1
            let text = generator.join(["a", "b", " ", "é", "😀", "-", "\n"], 30)
            let offsets = tokenizer.encode(text).offsets
            #expect(offsets.map(\.count).reduce(0, +) == text.utf8.count, "\(regex) \(text)")
        }
        #expect(compiled > 500)
    }
}
