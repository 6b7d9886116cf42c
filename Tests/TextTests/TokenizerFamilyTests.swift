import Foundation
import Testing
import Text

@Suite("What each family says of itself") struct TokenizerFamilyTests {
    @Test(
        "Words begin where spaces stand",
        arguments: FamilyReferenceTests.families.filter {
            !["word_level", "clip"].contains($0)
        }) func continuations(family: String) throws
    {
        let tokenizer = try Fixture.family(family)
        let text = "search unbelievablequxx token"
        let encoding = tokenizer.encode(text, addSpecialTokens: false)
        var words: [String] = []
        for id in encoding.ids {
            if tokenizer.isContinuation(id), !words.isEmpty {
                words[words.count - 1] += tokenizer.decode([id])
            } else {
                words.append(tokenizer.decode([id]))
            }
        }
        #expect(words.count == 3, "\(encoding.ids.map { tokenizer.token($0) ?? "" })")
        for id in 0..<Int32(tokenizer.vocabularySize) where tokenizer.isSpecial(id) {
            #expect(!tokenizer.isContinuation(id))
        }
        #expect(!tokenizer.isContinuation(-1))
    }

    @Test(
        "Special tokens",
        arguments: [
            ("bart", "<s>", "</s>", "<mask>", "<unk>"),
            ("xlmr", "<s>", "</s>", "<mask>", "<unk>"),
            ("mpnet", "<s>", "</s>", "<mask>", "[UNK]"),
            ("wordpiece", "[CLS]", "[SEP]", "[MASK]", "[UNK]"),
            ("t5", nil, "</s>", nil, "<unk>"), ("gpt2", nil, nil, nil, nil),
        ] as [(String, String?, String?, String?, String?)])
    func specials(
        family: String, classify: String?, separator: String?, mask: String?, unknown: String?
    ) throws {
        let tokenizer = try Fixture.family(family)
        func spelling(_ id: Int32?) -> String? { id.flatMap { tokenizer.token($0) } }
        #expect(spelling(tokenizer.classifyID) == classify)
        #expect(spelling(tokenizer.separatorID) == separator)
        #expect(spelling(tokenizer.maskID) == mask)
        #expect(spelling(tokenizer.unknownID) == unknown)
    }

    @Test func summary() throws {
        let qwen = try Fixture.family("qwen2").summary
        #expect(qwen.model == "BPE")
        #expect(qwen.normalizers == ["NFC"])
        #expect(qwen.preTokenizers == ["Split", "ByteLevel"])
        #expect(qwen.decoders == ["ByteLevel"])
        #expect(qwen.specialTokens == ["<|endoftext|>"])
        let xlmr = try Fixture.family("xlmr").summary
        #expect(xlmr.model == "Unigram")
        #expect(xlmr.normalizers == ["NFKC", "Lowercase"])
        #expect(xlmr.tokensBefore == ["<s>"])
        #expect(xlmr.tokensAfter == ["</s>"])
        let bart = try Fixture.family("bart").summary
        #expect(bart.postProcessors == ["RobertaProcessing"])
        #expect(bart.vocabularySize == 900)
        #expect(try Fixture.tinyTokenizer().summary.model == "WordPiece")
        #expect(try Fixture.family("word_level").summary.model == "WordLevel")
    }

    /// The first encodings fill tables and caches that all threads share.
    @Test("Threads agree", arguments: ["gpt2", "qwen2", "t5", "llama2", "wordpiece"]) func threads(
        family: String
    ) async throws {
        let expected = try Fixture.family(family)
        let lines = (0..<400).map(MixedLines.line)
        let want = lines.map { expected.encode($0) }
        let tokenizer = try Fixture.family(family)
        await withTaskGroup(of: Bool.self) { group in
            for start in 0..<8 {
                group.addTask {
                    lines.indices.allSatisfy { index in
                        let place = (index + start * 50) % lines.count
                        return tokenizer.encode(lines[place]) == want[place]
                    }
                }
            }
            for await agrees in group { #expect(agrees) }
        }
    }

    @Test("Short and long texts agree with their parts", arguments: FamilyReferenceTests.families)
    func limits(family: String) throws {
        let tokenizer = try Fixture.family(family)
        let text = (0..<30).map(MixedLines.line).joined(separator: " ")
        let whole = tokenizer.encode(text, addSpecialTokens: false)
        for limit in [0, 1, 7, 100] {
            let part = tokenizer.encode(text, addSpecialTokens: false, maxTokens: limit)
            #expect(part.ids == Array(whole.ids.prefix(limit)))
            #expect(part.offsets == Array(whole.offsets.prefix(limit)))
        }
        // Long enough for the heap of merges and for paths over many pieces.
        let long = tokenizer.encode(String(repeating: "unbelievable", count: 3_000))
        #expect(long.count > 0)
    }

    /// Ways to cut whose scores differ in the last bit, or not at all, as the reference adds them.
    @Test(
        "Ties between pieces",
        arguments: [
            ("-8.28536214910003", "-16.57072429820006", "-19.560950902624054", [1, 3, 3, 3, 1, 3]),
            ("-10.456856936691384", "-20.91371387338277", "-23.207811090830226", [2, 3, 3, 3, 3]),
            ("-11.521525202609995", "-23.04305040521999", "-26.172232963104058", [2, 3]),
        ] as [(String, String, String, [Int32])])
    func ties(one: String, two: String, three: String, expected: [Int32]) throws {
        let tokenizer = try Tokenizer(
            json: Data(
                """
                {"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["I",\(one)],\
                ["II",\(two)],["III",\(three)]]}}
                """.utf8))
        let length = expected.reduce(0) { $0 + Int($1) }
        #expect(tokenizer.encode(String(repeating: "I", count: length)).ids == expected)
    }

    @Test(
        "The fingerprint covers what is new",
        arguments: [
            ("t5", "\"▁\",-1", "\"▁\",-2"),
            ("gpt2", "\"add_prefix_space\":false", "\"add_prefix_space\":true"),
            ("qwen2", "\"type\":\"NFC\"", "\"type\":\"NFD\""),
            ("llama2", "\"fuse_unk\":true", "\"fuse_unk\":false"),
            ("llama3", "\"ignore_merges\":true", "\"ignore_merges\":false"),
            ("t5", "\"unk_id\":2", "\"unk_id\":1"),
        ])
    func fingerprint(family: String, from: String, to: String) throws {
        let data = try Data(contentsOf: Fixture.url("\(family).tokenizer.json"))
        let escaped = from.replacingOccurrences(of: "▁", with: "\\u2581")
        let text = String(decoding: data, as: UTF8.self)
        let changed = text.replacingOccurrences(
            of: escaped, with: to.replacingOccurrences(of: "▁", with: "\\u2581"))
        #expect(changed != text)
        #expect(
            try Tokenizer(json: Data(changed.utf8)).fingerprint
                != Tokenizer(json: data).fingerprint)
    }

    /// WordPiece indexes hold the fingerprint of their tokenizer; it must not move.
    @Test func wordPieceFingerprint() throws {
        #expect(
            try Fixture.tinyTokenizer().fingerprint
                == "18c43540c88ae3c6d2c042031c3e8f614fa98bc0388d96cebf819e2705077e6b")
    }
}
