import Search
import Text

/// Where the tokens of an indexed passage stand in its title and text.
///
/// In the index a passage is its title's tokens, a mark and its text's tokens; without a title, its text's alone.
struct TokenPlaces {
    private let title: Field
    private let text: Field
    /// The place of the text's first token.
    private let start: Int

    private struct Field {
        let bytes: [UInt8]
        let offsets: [Range<Int>]

        init(_ text: String, _ tokenizer: NgramTokenizer) {
            bytes = Array(text.utf8)
            offsets = tokenizer.encode(text).offsets
        }

        /// Punctuation at the ends of a key is no part of what is marked.
        private func isTelling(_ place: Int) -> Bool {
            String(decoding: bytes[offsets[place]], as: UTF8.self).unicodeScalars
                .contains(where: QueryAnalyzer.isTelling)
        }

        /// The bytes of tokens; nil where they are of another field, or have nothing to tell.
        func range(of tokens: Range<Int>) -> Range<Int>? {
            guard tokens.lowerBound >= 0, tokens.upperBound <= offsets.count else { return nil }
            var (low, high) = (tokens.lowerBound, tokens.upperBound)
            while low < high, !isTelling(low) { low += 1 }
            while low < high, !isTelling(high - 1) { high -= 1 }
            guard low < high else { return nil }
            return offsets[low].lowerBound..<max(offsets[low].lowerBound, offsets[high - 1].upperBound)
        }
    }

    init(of passage: PassageText, _ tokenizer: NgramTokenizer) {
        title = Field(passage.title, tokenizer)
        text = Field(passage.text, tokenizer)
        start = title.offsets.isEmpty ? 0 : title.offsets.count + 1
    }

    /// The bytes of spans of tokens, those of marks left out.
    func spans(_ tokens: [Range<Int>]) -> TextSpans {
        TextSpans(
            title: tokens.compactMap { title.range(of: $0.clamped(to: 0..<max(0, start - 1))) },
            text: tokens.compactMap { span in
                let own = span.clamped(to: start..<max(start, span.upperBound))
                return text.range(of: own.lowerBound - start..<own.upperBound - start)
            })
    }
}
