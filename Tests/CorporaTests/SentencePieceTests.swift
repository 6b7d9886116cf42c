import Corpora
import Memory
import Testing

@Suite struct SentencePieceTests {
    private func pieces(_ text: String, words: Int = 3, most: Int = 100) -> [String] {
        SentencePieces(words: words, most: most).pieces(of: text).map {
            $0.split(separator: " ").joined(separator: " ")
        }
    }

    @Test("Short sentences go with the next, the last with the one before") func short() {
        #expect(pieces("One two three. Four five six seven.") == ["One two three.", "Four five six seven."])
        #expect(pieces("Yes. One two three. Four five six.") == ["Yes. One two three.", "Four five six."])
        #expect(pieces("One two three. No. Never.") == ["One two three. No. Never."])
        #expect(pieces("No. Never.") == ["No. Never."])
        #expect(pieces("One. Two. Three. Four five six.") == ["One. Two. Three.", "Four five six."])
        #expect(pieces("").isEmpty && pieces("...").isEmpty)
    }

    @Test("No more pieces than asked for, and every word in one of them, in order") func most() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<50 {
            let sentences = (0..<Int.random(in: 1...12, using: &random)).map { index in
                (0..<Int.random(in: 1...8, using: &random)).map { "w\(index)x\($0)" }.joined(separator: " ") + "."
            }
            let text = sentences.joined(separator: " ")
            for most in [1, 2, 5] {
                let pieces = pieces(text, most: most)
                #expect(pieces.count <= most && pieces.joined(separator: " ") == text)
            }
        }
        #expect(
            pieces("a b c d e f. a b c. d e f. g h i j k l m.", most: 3) == [
                "a b c d e f.", "a b c. d e f.", "g h i j k l m.",
            ])
    }
}
