import Foundation
import TestSupport
import Testing
import Text

@Suite("Hostile files throw") struct TokenizerFuzzTests {
    private let original: [UInt8]

    init() throws {
        original = Array(try Data(contentsOf: Fixture.url("tiny_tokenizer.json")))
    }

    @Test func truncated() {
        for length in stride(from: 0, to: original.count - 2, by: 7) {
            #expect(throws: TokenizerError.self) {
                try Tokenizer(json: Data(original.prefix(length)))
            }
        }
    }

    /// A damaged file may still describe a tokenizer; then that tokenizer must work.
    @Test func flippedBytes() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<600 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            if let tokenizer = try? Tokenizer(json: Data(bytes)) {
                _ = tokenizer.encode("The Search [SEP] of trées, 中文 genret", maxTokens: 9)
            }
        }
    }

    @Test(
        "Wrong types and impossible numbers",
        arguments: [
            "[]", "{}", "null", "{\"model\":3}", "{\"model\":{\"type\":\"WordPiece\"}}",
            model("\"vocab\":[]"), model("\"vocab\":{}"), model("\"vocab\":{\"a\":-1,\"[UNK]\":0}"),
            model("\"vocab\":{\"a\":4000000000,\"[UNK]\":0}"),
            model("\"vocab\":{\"a\":1e30,\"[UNK]\":0}"), model("\"vocab\":{\"a\":0.5,\"[UNK]\":0}"),
            model("\"vocab\":{\"a\":0,\"[UNK]\":0}"), model("\"vocab\":{\"a\":0,\"a\":1,\"[UNK]\":2}"),
            model("\"vocab\":{\"a\":0}"), model("\"vocab\":{\"a\":\"0\",\"[UNK]\":1}"),
            model("\"max_input_chars_per_word\":-1,\"vocab\":{\"[UNK]\":1}"),
            model("\"continuing_subword_prefix\":\"\",\"vocab\":{\"[UNK]\":1}"),
            model("\"vocab\":{\"[UNK]\":1}", "\"added_tokens\":[{\"id\":2000000000,\"content\":\"x\"}]"),
            model("\"vocab\":{\"[UNK]\":1}", "\"added_tokens\":[{\"id\":-3,\"content\":\"x\"}]"),
            model("\"vocab\":{\"[UNK]\":1}", "\"added_tokens\":{}"),
            model("\"vocab\":{\"[UNK]\":1}", "\"post_processor\":{\"type\":\"TemplateProcessing\"}"),
            model(
                "\"vocab\":{\"[UNK]\":1}",
                "\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"a\",9],\"sep\":[\"b\",1]}"),
        ])
    func malformed(text: String) {
        #expect(throws: TokenizerError.self) { try Tokenizer(json: Data(text.utf8)) }
    }

    private static func model(_ members: String, _ rest: String? = nil) -> String {
        "{\"model\":{\"type\":\"WordPiece\",\(members)}\(rest.map { "," + $0 } ?? "")}"
    }
}
