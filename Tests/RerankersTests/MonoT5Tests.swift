import Foundation
import Memory
import Rerankers
import Testing
import Transformers

/// monoT5 with a tiny T5, whose logits are compared with the reference implementation's where the model is tested.
@Suite("monoT5") struct MonoT5Tests {
    private static let words = [
        "true", "false", "Query:", "Document:", "Relevant:", "sky", "blue", "bread", "keeps", "the",
    ]
    /// Where a word stands in the vocabulary.
    private static func id(_ word: some StringProtocol) -> Int32 {
        words.firstIndex { $0 == word }.map { Int32($0 + 2) } ?? 199
    }

    /// The tiny T5 with a vocabulary of words, in a folder that goes with the process.
    private static let model = Result<URL, any Error> {
        let place = FileManager.default.temporaryDirectory.appending(path: "genret-tiny-t5-\(UUID().uuidString)")
        let fixture = TinyChat.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TransformersTests/Fixtures/tiny_t5")
        try FileManager.default.copyItem(at: fixture, to: place)
        let vocabulary =
            (words.enumerated().map { "\"\($1)\": \($0 + 2)" } + (words.count + 2..<199).map { "\"w\($0)\": \($0)" })
            .joined(separator: ", ")
        let tokenizer = """
            {"version": "1.0", "added_tokens": [{"id": 1, "content": "</s>", "special": true,
            "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
            "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "decoder": null,
            "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}},
            {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
            "model": {"type": "WordLevel", "vocab": {"<pad>": 0, "</s>": 1, \(vocabulary), "<unk>": 199}, "unk_token": "<unk>"}}
            """
        try Data(tokenizer.utf8).write(to: place.appending(path: "tokenizer.json"))
        return place
    }

    @Test("Each passage by the log-probability of true against false, as the first word that is written") func scores()
        throws
    {
        let folder = try Self.model.get()
        let model = try RerankModel(contentsOf: folder, precision: .float32, threads: 1)
        let method = try RerankMethods.make("monot5", model, RerankOptions())
        let (query, texts) = ("sky blue", ["the sky", "bread keeps", "the the blue blue sky", "unheard"])
        let outcome = try method.rerank(
            query, texts.map { RerankCandidate(id: $0, text: $0) }, RerankWork())
        #expect(outcome.entries.map(\.place).sorted() == Array(texts.indices))
        let language = try LanguageModel(contentsOf: folder, precision: .float32)
        for entry in outcome.entries {
            let source =
                (["Query:"] + query.split(separator: " ").map(String.init) + ["Document:"]
                + texts[entry.place].split(separator: " ").map(String.init) + ["Relevant:"]).map(Self.id) + [1]
            let session = try language.model.session([source])
            let logits = session.logits(of: [Self.id("true"), Self.id("false")], after: [session.initialState])[0]
                .map(Double.init)
            let expected = logits[0] - log(exp(logits[0]) + exp(logits[1]))
            #expect(abs((entry.score ?? .nan) - expected) < 1e-4, "\(texts[entry.place])")
        }
        let sorted = outcome.entries.compactMap(\.score)
        #expect(sorted.count == texts.count && zip(sorted, sorted.dropFirst()).allSatisfy { $0 >= $1 })
    }
}
