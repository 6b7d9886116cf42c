import Foundation
import TestSupport
import Testing
import Transformers

@Suite("Folders that are no sentence encoder are refused") struct SentenceEncoderLoadingTests {
    /// A copy of the tiny model with some text of one file replaced.
    private func load(_ file: String, _ from: String, _ to: String) throws -> SentenceEncoder {
        let folder = try TemporaryFolder()
        for name in ["config.json", "tokenizer.json", "model.safetensors"] {
            try FileManager.default.copyItem(
                at: Fixture.tinyBERT.appendingPathComponent(name),
                to: folder.url.appendingPathComponent(name))
        }
        let url = folder.url.appendingPathComponent(file)
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        let changed = from.isEmpty ? to : text.replacingOccurrences(of: from, with: to)
        #expect(changed != text)
        try Data(changed.utf8).write(to: url)
        return try SentenceEncoder(directory: folder.url)
    }

    @Test(
        "Configurations",
        arguments: [
            ("\"bert\"", "\"t5\""), ("\"gelu\"", "\"mystery\""),
            ("\"hidden_size\": 32", "\"hidden_size\": 33"), ("\"hidden_size\": 32", "\"hidden_size\": 0"),
            ("\"hidden_size\": 32", "\"hidden_size\": 64"),
            ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
            ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": -2"),
            ("\"num_attention_heads\": 4", "\"num_attention_heads\": 1e9"),
            ("\"vocab_size\": 264", "\"vocab_size\": 9"), ("\"vocab_size\": 264", "\"vocab_size\": \"x\""),
            ("1e-12", "-1"), ("{", ""),
        ])
    func configuration(from: String, to: String) {
        #expect(throws: ModelError.self) { try load("config.json", from, to) }
    }

    @Test func tokenizer() {
        #expect(throws: ModelError.self) { try load("tokenizer.json", "WordPiece", "Mystery") }
    }

    @Test func limits() throws {
        let encoder = try load("sentence_bert_config.json", "", "{\"max_seq_length\": 12}")
        #expect(encoder.maxTokens == 12)
        #expect(try load("sentence_bert_config.json", "", "{\"max_seq_length\": 900}").maxTokens == 40)
        #expect(throws: ModelError.self) {
            try load("sentence_bert_config.json", "", "{\"max_seq_length\": 1}")
        }
    }

    @Test func absent() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: ModelError.self) {
            try SentenceEncoder(directory: folder.url)
        }
        #expect(error.description.contains("model.safetensors"))
    }
}
