import Corpora
import Foundation
import Text
import Transformers

extension FuzzTarget {
    /// `tokenizer.json` of every kind of model.
    static let tokenizers: [FuzzTarget] = [
        FuzzTarget("tokenizer", .json, words: tokenizerWords) { world in
            var builder = VocabularyBuilder()
            for passage in CorpusSamples.passages { builder.add(passage.text) }
            return [Array(builder.build(size: 120))] + samples.map { Array($0.utf8) }
        } reader: { _ in
            { input in
                let tokenizer = try Tokenizer(json: Data(input))
                for text in [
                    "The river bends, où 12!", "", "\u{1F600}e\u{301} \u{0} İß  x", String(repeating: "ab ", count: 40),
                ] {
                    let encoding = tokenizer.encode(text)
                    blackHole(tokenizer.encode(text, maxTokens: 3).ids.count)
                    blackHole(tokenizer.decode(encoding.ids))
                    blackHole(tokenizer.decode(encoding.ids, skipSpecialTokens: false))
                    blackHole(tokenizer.normalize(text))
                }
                blackHole(tokenizer.wordStarts(count: 40).count)
                blackHole(tokenizer.decode([-1, 0, 5, .max, .min]))
                blackHole(tokenizer.fingerprint)
            }
        }
    ]

    private static let tokenizerWords = [
        "\"type\":", "\"Sequence\"", "\"BPE\"", "\"WordPiece\"", "\"Unigram\"", "\"WordLevel\"", "\"ByteLevel\"",
        "\"Metaspace\"",
        "\"Split\"", "\"Regex\": \"", "(?i:a|b)*+", "[^\\\\p{L}]{2,}", "(a*)*b", "(?=x)", "\\\\b", "{1000}",
        "\"merges\":", "\"vocab\":",
        "\"unk_token\":", "\"added_tokens\":", "\"id\": 4294967295", "\"id\": 2147483647", "\"single_word\": true",
        "\"lstrip\": true",
        "\"normalizer\":", "\"pre_tokenizer\":", "\"decoder\":", "\"post_processor\":",
        "\"precompiled_charsmap\": \"AAAA\"",
        "\"continuing_subword_prefix\":", "\"max_input_chars_per_word\":", "\"byte_fallback\": true", "\"Strip\"",
        "\"Replace\"",
        "\"Prepend\"", "\"NFKC\"", "\"TemplateProcessing\"", "\"Fuse\"", "\"ByteFallback\"", "▁", "Ġ", "<0xFF>",
        "\"unk_id\":",
    ]

    private static func vocabulary(_ tokens: [String]) -> String {
        tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
    }

    private static let added = """
        [{"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
         {"id": 1, "content": "<s>", "single_word": true, "lstrip": true, "rstrip": true, "normalized": true, "special": false}]
        """

    private static let samples = [
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": \(added),
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
           {"type": "Split", "pattern": {"Regex": "(?i:'s|'t)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+"}, "behavior": "Isolated", "invert": false},
           {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
           "vocab": {\(vocabulary(["<unk>", "<s>", "t", "h", "e", "r", "i", "v", "Ġ", "th", "the", "Ġr", "iv", "Ġriv", "er", "Ġriver", "b", "n", "d", "s"]))},
           "merges": ["t h", "th e", "Ġ r", "i v", "Ġr iv", "e r", "Ġriv er"]}}
        """,
        """
        {"version": "1.0", "added_tokens": \(added),
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
         "pre_tokenizer": null, "post_processor": null,
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
           "vocab": {\(vocabulary(["<unk>", "<s>", "<0x00>", "<0x01>", "<0xC3>", "<0xB9>", "▁", "t", "h", "e", "▁t", "he", "▁the", "r", "i"]))},
           "merges": [["▁", "t"], ["h", "e"], ["▁t", "he"]]}}
        """,
        """
        {"version": "1.0", "added_tokens": \(added),
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "StripAccents"}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true, "prepend_scheme": "always"}]},
         "post_processor": null, "decoder": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": true},
         "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
           "vocab": [["<unk>", 0.0], ["<s>", 0.0], ["▁", -2.0], ["▁the", -3.5], ["river", -4.25], ["r", -6.0], ["i", -6.1], ["v", -6.2], ["e", -5.5], ["▁riv", -7.0]]}}
        """,
        """
        {"version": "1.0", "added_tokens": \(added),
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}, {"type": "Punctuation", "behavior": "MergedWithPrevious"}, {"type": "Digits", "individual_digits": true}]},
         "post_processor": {"type": "BertProcessing", "sep": ["<s>", 1], "cls": ["<unk>", 0]},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {\(vocabulary(["<unk>", "<s>", "the", "river", "bends", "1", "2"]))}}}
        """,
    ]
}
