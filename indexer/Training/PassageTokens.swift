import Engine
import FMIndex
import Transformers

/// The tokens of an index's passages as the n-gram index has them, titles apart; words that the tokenizer
/// does not know are unknown tokens, as models have them.
package struct PassageTokens: Sendable {
    package private(set) var bodies = TokenLists()
    package private(set) var titles = TokenLists()

    package init(_ index: IndexReader) throws {
        let tokenizer = try index.value(IndexTokenizer.self).ngrams
        var tokens: [Int32] = []
        for segment in try index.components(FMIndex.self) {
            for document in 0..<segment.documentCount {
                segment.extract(document, into: &tokens)
                append(tokenizer.known(tokens), segment)
            }
        }
    }

    /// A passage is: title, title end, body, any queries that it carries, document end.
    private mutating func append(_ tokens: [Int32], _ index: FMIndex) {
        let whole = tokens.dropLast()
        let titleEnd = whole.firstIndex(of: index.titleEnd)
        titles.append(titleEnd.map { whole[..<$0] } ?? [])
        let body = titleEnd.map { whole[($0 + 1)...] } ?? whole
        let end = index.queryStart.flatMap { body.firstIndex(of: $0) } ?? body.endIndex
        bodies.append(body[..<end])
    }

    /// The passages as an encoder reads them: title and body, cut, between its marks.
    func read(by encoder: SentenceEncoder, atMost length: Int) -> TokenLists {
        TokenLists((0..<bodies.count).map { encoder.framed(titles[$0] + bodies[$0], atMost: length) })
    }
}
