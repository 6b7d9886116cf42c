import Foundation
import Storage

extension VocabularyBuilder {
    /// A BERT tokenizer with these tokens, numbered in order.
    static func json(_ tokens: [String]) -> Data {
        func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
            .object(members.map { JSONValue.Member($0.key, $0.value) })
        }
        let added = specialTokens.enumerated().map { id, token in
            object([
                "id": .number(Double(id)), "content": .string(token), "single_word": .bool(false),
                "lstrip": .bool(false), "rstrip": .bool(false), "normalized": .bool(false),
                "special": .bool(true),
            ])
        }
        func special(_ token: String) -> JSONValue {
            let id = Double(specialTokens.firstIndex(of: token) ?? 0)
            return object([
                "id": .string(token), "ids": .array([.number(id)]), "tokens": .array([.string(token)]),
            ])
        }
        func piece(_ kind: String, _ id: String, _ type: Double) -> JSONValue {
            object([kind: object(["id": .string(id), "type_id": .number(type)])])
        }
        let single = [
            piece("SpecialToken", "[CLS]", 0), piece("Sequence", "A", 0),
            piece("SpecialToken", "[SEP]", 0),
        ]
        let pair = single + [piece("Sequence", "B", 1), piece("SpecialToken", "[SEP]", 1)]
        let vocabulary = tokens.enumerated().map { JSONValue.Member($1, .number(Double($0))) }
        let document = object([
            "version": .string("1.0"), "truncation": .null, "padding": .null,
            "added_tokens": .array(added),
            "normalizer": object([
                "type": .string("BertNormalizer"), "clean_text": .bool(true),
                "handle_chinese_chars": .bool(true), "strip_accents": .null, "lowercase": .bool(true),
            ]),
            "pre_tokenizer": object(["type": .string("BertPreTokenizer")]),
            "post_processor": object([
                "type": .string("TemplateProcessing"), "single": .array(single),
                "pair": .array(pair),
                "special_tokens": object(["[CLS]": special("[CLS]"), "[SEP]": special("[SEP]")]),
            ]),
            "decoder": object([
                "type": .string("WordPiece"), "prefix": .string("##"), "cleanup": .bool(true),
            ]),
            "model": object([
                "type": .string("WordPiece"), "unk_token": .string("[UNK]"),
                "continuing_subword_prefix": .string("##"),
                "max_input_chars_per_word": .number(100), "vocab": .object(vocabulary),
            ]),
        ])
        return Data(document.bytes())
    }
}
