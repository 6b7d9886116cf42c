import Corpora
import Testing

@Suite struct UnspacedSentenceTests {
    private func pieces(_ text: String) -> [Substring] { SentencePieces(words: 4, most: 100).pieces(of: text) }

    @Test("Sentences in Chinese and Japanese are pieces, short ones go with the next") func sentences() {
        #expect(pieces("今天天气很好。是。我们去公园。") == ["今天天气很好。", "是。我们去公园。"])
        #expect(pieces("これはペンです。あれは本です。") == ["これはペンです。", "あれは本です。"])
    }

    @Test("A long run without spaces is cut into equal parts") func long() {
        let text = String(repeating: "山", count: 130)
        #expect(pieces(text).map(\.count) == [43, 43, 44])
        #expect(pieces(text).joined() == text)
    }

    @Test("Words of other scripts stay whole between ideographs") func mixed() {
        let text = String(repeating: "使用iPhone手机", count: 14)
        #expect(pieces(text).allSatisfy { !$0.hasPrefix("Phone") && !$0.hasPrefix("one") })
        #expect(pieces(text).joined() == text && pieces(text).count == 2)
    }
}
