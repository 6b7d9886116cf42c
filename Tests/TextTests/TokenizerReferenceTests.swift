import Testing
import Text

@Suite("Tokens are those of the reference implementation") struct TokenizerReferenceTests {
    private func check(_ tokenizer: Tokenizer, _ cases: [Fixture.Case]) {
        #expect(cases.count > 40)
        for expected in cases {
            let encoding = tokenizer.encode(expected.text)
            #expect(encoding.ids == expected.ids, "\(expected.text)")
            #expect(encoding.offsets == expected.offsets, "\(expected.text)")
            #expect(tokenizer.encode(expected.text, maxTokens: 16).ids == expected.first16)
            if let decoded = expected.decoded {
                #expect(tokenizer.decode(expected.ids).utf8.elementsEqual(decoded.utf8))
            }
        }
    }

    @Test func tinyVocabulary() throws {
        check(try Fixture.tinyTokenizer(), try Fixture.cases("tiny_reference.json"))
    }

    @Test(.enabled(if: Fixture.miniLM != nil, "MiniLM is not installed")) func miniLM() throws {
        let url = try #require(Fixture.miniLM)
        check(try Tokenizer(contentsOf: url), try Fixture.cases("minilm_reference.json"))
    }
}
