import Foundation
import Testing
import Text

@Suite struct TokenizerTests {
    @Test func vocabulary() throws {
        let tokenizer = try Fixture.tinyTokenizer()
        #expect(tokenizer.unknownID == 1)
        #expect(tokenizer.classifyID == 2)
        #expect(tokenizer.separatorID == 3)
        #expect(tokenizer.maskID == 4)
        let ing = try #require(tokenizer.id(of: "##ing"))
        #expect(tokenizer.token(ing) == "##ing")
        #expect(tokenizer.isContinuation(ing))
        #expect(!tokenizer.isContinuation(2))
        #expect(tokenizer.isSpecial(2) && !tokenizer.isSpecial(ing))
        #expect(tokenizer.id(of: "absent") == nil)
        #expect(tokenizer.token(-1) == nil)
        #expect(tokenizer.token(.max) == nil)
        #expect(Int(ing) < tokenizer.vocabularySize)
    }

    @Test func withoutSpecialTokens() throws {
        let tokenizer = try Fixture.tinyTokenizer()
        let bare = tokenizer.encode("the search", addSpecialTokens: false)
        let whole = tokenizer.encode("the search")
        #expect(whole.ids == [2] + bare.ids + [3])
        #expect(tokenizer.encode("the search", addSpecialTokens: false, maxTokens: 1).count == 1)
        for limit in 0...3 {
            #expect(tokenizer.encode("the search of a tree", maxTokens: limit).count == limit)
        }
    }

    @Test("The fingerprint depends on content, not on layout") func fingerprint() throws {
        let data = try Data(contentsOf: Fixture.url("tiny_tokenizer.json"))
        let text = String(decoding: data, as: UTF8.self)
        let tokenizer = try Tokenizer(json: data)
        #expect(tokenizer.fingerprint.count == 64)
        #expect(tokenizer.jsonData == data)
        let spaced = text.replacingOccurrences(of: "},{", with: "} ,\n {")
        #expect(try Tokenizer(json: Data(spaced.utf8)).fingerprint == tokenizer.fingerprint)
        let padded = text.replacingOccurrences(
            of: "\"padding\":null", with: "\"padding\":{\"pad_id\":7}")
        #expect(try Tokenizer(json: Data(padded.utf8)).fingerprint == tokenizer.fingerprint)
        for (from, to) in [
            ("\"lowercase\":true", "\"lowercase\":false"), ("\"##ing\"", "\"##ong\""),
            ("\"max_input_chars_per_word\":100", "\"max_input_chars_per_word\":99"),
        ] {
            let changed = text.replacingOccurrences(of: from, with: to)
            #expect(changed != text)
            #expect(try Tokenizer(json: Data(changed.utf8)).fingerprint != tokenizer.fingerprint)
        }
    }

    @Test(
        "Unknown components are named",
        arguments: [
            ("\"type\":\"BertNormalizer\"", "Romaniser"),
            ("\"type\":\"BertPreTokenizer\"", "UnicodeScripts"),
            ("\"model\":{\"type\":\"WordPiece\"", "Characters"),
            ("\"type\":\"TemplateProcessing\"", "PairProcessing"),
        ])
    func unsupported(part: String, kind: String) throws {
        let text = try String(contentsOf: Fixture.url("tiny_tokenizer.json"), encoding: .utf8)
        let last = try #require(part.range(of: ":\"", options: .backwards))
        let changed = text.replacingOccurrences(
            of: part, with: part[..<last.upperBound] + kind + "\"")
        #expect(changed != text)
        let error = try #require(throws: TokenizerError.self) {
            try Tokenizer(json: Data(changed.utf8))
        }
        #expect(error.kind == .unsupported)
        #expect(error.description.contains(kind))
    }

    @Test func unreadableFile() throws {
        let error = try #require(throws: TokenizerError.self) {
            try Tokenizer(contentsOf: Fixture.url("absent.json"))
        }
        #expect(error.kind == .unreadable)
        #expect(error.description.contains("absent.json"))
    }
}
