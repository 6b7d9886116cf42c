import Foundation
import TestSupport
import Testing
import Text

@Suite("Hostile files of every family") struct HostileTokenizerTests {
    private static let probe =
        "The Search [SEP] of tre\u{301}es, 中文 1234 <s> don't\n\n  \u{0} 👩‍👧 שלום \u{FB01}"

    /// A damaged file may still describe a tokenizer; then that tokenizer must work.
    private static func use(_ data: Data) {
        guard let tokenizer = try? Tokenizer(json: data) else { return }
        let ids = tokenizer.encode(probe).ids
        _ = tokenizer.decode(ids)
        _ = tokenizer.decode(Array(0..<20), skipSpecialTokens: false)
        for id in ids { _ = tokenizer.isContinuation(id) }
    }

    private static func bytes(_ family: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Fixture.url("\(family).tokenizer.json")))
    }

    @Test("Cut short", arguments: FamilyReferenceTests.families) func cutShort(
        family: String
    ) throws {
        let original = try HostileTokenizerTests.bytes(family)
        for length in stride(from: 0, to: original.count - 3, by: max(1, original.count / 60)) {
            #expect(throws: TokenizerError.self) {
                try Tokenizer(json: Data(original.prefix(length)))
            }
        }
    }

    @Test("Flipped bytes", arguments: FamilyReferenceTests.families) func flipped(
        family: String
    ) throws {
        let original = try HostileTokenizerTests.bytes(family)
        var generator = SeededGenerator(seed: 23)
        // Large files are mostly vocabulary; the start has the rest.
        let structural = min(original.count, 3_000)
        for round in 0..<(original.count > 100_000 ? 30 : 120) {
            var bytes = original
            let limit = round % 2 == 0 ? structural : bytes.count
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<limit, using: &generator)] =
                    UInt8.random(in: 0x20...0x7E, using: &generator)
            }
            HostileTokenizerTests.use(Data(bytes))
        }
    }

    /// Values that take the place of others, wherever they stand.
    private static let values = [
        "null", "true", "-1", "1e300", "0.5", "\"\"", "\"a\"", "[]", "{}", "[[]]", "4294967296",
        "{\"type\":\"Sequence\"}", "{\"Regex\":\"(a+)+b\"}", "[[\"a\",-1e308]]",
    ]

    @Test("Other values", arguments: FamilyReferenceTests.families) func otherValues(
        family: String
    ) throws {
        let text = String(decoding: try HostileTokenizerTests.bytes(family), as: UTF8.self)
        for name in [
            "normalizer", "normalizers", "pre_tokenizer", "pretokenizers", "post_processor",
            "processors", "decoder", "decoders", "model", "vocab", "merges", "unk_token", "unk_id",
            "type", "pattern", "behavior", "content", "add_prefix_space", "precompiled_charsmap",
            "prepend_scheme", "replacement", "single", "cls", "added_tokens", "id", "special_tokens",
            "byte_fallback", "continuing_subword_prefix", "max_input_chars_per_word",
        ] {
            guard let range = text.range(of: "\"\(name)\":") else { continue }
            for value in HostileTokenizerTests.values {
                // The old value becomes a member of its own, which nobody reads.
                let changed =
                    text[..<range.upperBound] + value + ",\"unread\":" + text[range.upperBound...]
                HostileTokenizerTests.use(Data(changed.utf8))
            }
        }
    }

    @Test("Damaged character maps find nothing or something") func charsMaps() throws {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<300 {
            let count = Int.random(in: 0...400, using: &generator)
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if round % 2 == 0, count > 8 {
                // A size that fits, and replacements that are text.
                let size = (count - 8) / 8 * 4
                bytes[0...3] = [UInt8(size & 255), UInt8(size >> 8), 0, 0]
                for index in 4 + size..<count { bytes[index] = bytes[index] & 0x7F }
            }
            HostileTokenizerTests.use(
                Data(
                    """
                    {"model":{"type":"WordLevel","vocab":{"<unk>":0}},"normalizer":{"type":\
                    "Precompiled","precompiled_charsmap":"\(Data(bytes).base64EncodedString())"}}
                    """.utf8))
        }
    }

    @Test("Texts do not explode") func explosions() throws {
        func file(_ normalizer: String, _ preTokenizer: String) -> Data {
            Data(
                """
                {"model":{"type":"WordLevel","vocab":{"<unk>":0}},"normalizer":\(normalizer),\
                "pre_tokenizer":\(preTokenizer)}
                """.utf8)
        }
        let double = #"{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaaaaaaaaa"}"#
        let doubles = Array(repeating: double, count: 30).joined(separator: ",")
        let tokenizer = try Tokenizer(
            json: file("{\"type\":\"Sequence\",\"normalizers\":[\(doubles)]}", "null"))
        #expect(tokenizer.encode(String(repeating: "a", count: 1_000)).count == 1)
        let level = Array(repeating: #"{"type":"ByteLevel"}"#, count: 30).joined(separator: ",")
        #expect(throws: TokenizerError.self) {
            try Tokenizer(
                json: file("null", "{\"type\":\"Sequence\",\"pretokenizers\":[\(level)]}"))
        }
        for kind in ["normalizer", "pre_tokenizer", "post_processor", "decoder"] {
            let list = ["normalizers", "pretokenizers", "processors", "decoders"]
                .map { "\"\($0)\":[X]" }.joined(separator: ",")
            var nested = "null"
            for _ in 0..<3 {
                nested = "{\"type\":\"Sequence\",\(list)}".replacingOccurrences(of: "X", with: nested)
            }
            #expect(throws: TokenizerError.self) {
                try Tokenizer(
                    json: Data(
                        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}},\"\(kind)\":\(nested)}"
                            .utf8))
            }
        }
    }
}
