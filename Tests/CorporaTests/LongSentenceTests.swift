import Corpora
import TestSupport
import Testing

@Suite struct LongSentenceTests {
    @Test(
        "A text without full stops is cut into equal parts, and nothing of it is lost", arguments: [1, 59, 60, 61, 200])
    func cut(words: Int) {
        let text = (0..<words).map { "word\($0)" }.joined(separator: "  ")
        let pieces = SentencePieces(words: 4, most: 16).pieces(of: text)
        #expect(pieces.joined() == text)
        let counts = pieces.map { WhiteSpace.wordCount($0) }
        #expect(counts.count == (words + 59) / 60 && counts.reduce(0, +) == words)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
}
