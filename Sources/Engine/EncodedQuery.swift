import Foundation
import Ranking
import Text
import Transformers

/// A query as all retrievers read it: encoded once, shared by all.
public struct EncodedQuery: Sendable {
    public var text: String
    /// The query's tokens, word by word, for the n-gram retriever.
    public var ngrams: NgramRetriever.Query
    /// The pooled query vector; nil without an encoder.
    public var vector: [Float]?
    /// The encoder's states, which a trained generator reads; nil without an encoder.
    public var source: GeneratorModel.Source?
}

/// Tokenises and encodes queries.
public struct QueryEncoder: Sendable {
    public let tokenizer: Tokenizer
    public let encoder: SentenceEncoder?

    package init(tokenizer: Tokenizer, encoder: SentenceEncoder?) {
        self.tokenizer = tokenizer
        self.encoder = encoder
    }

    /// Encodes a query; vector and states are computed only when `withVector`, in one pass.
    ///
    /// - Throws: ``EngineError/emptyQuery`` when the text has no token.
    public func encode(_ text: String, withVector: Bool = true) throws(EngineError) -> EncodedQuery {
        let tokens = tokenizer.encode(text, addSpecialTokens: false).ids
        guard !tokens.isEmpty else { throw .emptyQuery }
        var words: [[Int32]] = []
        for token in tokens {
            if tokenizer.isContinuation(token), !words.isEmpty {
                words[words.count - 1].append(token)
            } else {
                words.append([token])
            }
        }
        let encoded = withVector ? encoder?.encodeQuery(text) : nil
        return EncodedQuery(
            text: text, ngrams: .init(words: words, forms: words.map(forms)), vector: encoded?.vector,
            source: encoded.map { .init(tokens: $0.ids, states: $0.tokenStates) })
    }

    /// The tokens of a word's other forms; none where the tokenizer does not give a word back its tokens,
    /// as one that tells a text's first word from others.
    private func forms(of word: [Int32]) -> [[Int32]] {
        let text = tokenizer.decode(word)
        func tokens(_ text: String) -> [Int32] { tokenizer.encode(text, addSpecialTokens: false).ids }
        let forms = EnglishInflections.forms(of: text)
        return forms.isEmpty || tokens(text) != word ? [] : forms.map(tokens)
    }
}
