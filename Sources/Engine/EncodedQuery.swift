import Foundation
import Ranking
import Text
import Transformers

/// A query as all retrievers read it, shared by all.
public struct EncodedQuery: Sendable {
    public var text: String
    /// The query's tokens, word by word, for the n-gram retriever.
    public var ngrams: NgramRetriever.Query
    /// The pooled query vector; nil without an encoder, or where none was asked for.
    public var vector: [Float]?
    /// The encoder's states, which a trained generator reads; nil without an encoder, or where none were
    /// asked for.
    public var source: GeneratorModel.Source?
}

/// Tokenises and encodes queries.
public struct QueryEncoder: Sendable {
    public let tokenizer: Tokenizer
    /// The same as the n-gram index reads it.
    package let ngrams: NgramTokenizer
    /// The encoder of the passages, which read queries too where there is no other.
    public let encoder: SentenceEncoder?
    /// What gives queries their vectors instead; nil where `encoder` does.
    package let trained: StoredQueryEncoder?

    package init(tokenizer: Tokenizer, encoder: SentenceEncoder?, trained: StoredQueryEncoder? = nil) {
        self.tokenizer = tokenizer
        ngrams = NgramTokenizer(tokenizer)
        self.encoder = encoder
        self.trained = trained
    }

    /// Encodes a query. Vector and states come from one pass, but from two where the index has a trained
    /// query encoder: a generator reads the states of the encoder that it was trained on. Only passes that
    /// are asked for are made.
    ///
    /// - Throws: ``EngineError/emptyQuery`` when the text has no token or nothing but punctuation; ``EngineError/queryEncoder(path:reason:)``
    ///   when the index's query encoder is needed and damaged.
    public func encode(
        _ text: String, withVector: Bool = true, withStates: Bool = true
    ) throws(EngineError) -> EncodedQuery {
        let encoding = ngrams.encode(text)
        let tokens = encoding.ids
        guard !tokens.isEmpty, text.unicodeScalars.contains(where: Self.isTelling) else { throw .emptyQuery }
        var words: [[Int32]] = []
        for token in tokens {
            if !ngrams.startsWord(token), !words.isEmpty {
                words[words.count - 1].append(token)
            } else {
                words.append([token])
            }
        }
        let other = withVector ? try trained?.encoder().encodeQuery(text).vector : nil
        let isNeeded = withStates || (withVector && trained == nil)
        let own = isNeeded ? encoder?.encodeQuery(text) : nil
        return EncodedQuery(
            text: text, ngrams: .init(words: words, forms: words.map(forms), runs: runs(encoding, of: text)),
            vector: trained == nil ? own?.vector : other,
            source: own.map { .init(tokens: $0.ids, states: $0.tokenStates) })
    }

    /// Whether a character can be searched for: white space and punctuation stand everywhere.
    static func isTelling(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .control, .format, .spaceSeparator, .lineSeparator,
            .paragraphSeparator, .nonspacingMark, .enclosingMark:
            false
        default: true
        }
    }

    /// The tokens of a word's other forms; none where the tokenizer does not give a word back its tokens,
    /// as one that tells a text's first word from others.
    private func forms(of word: [Int32]) -> [[Int32]] {
        let text = tokenizer.decode(word)
        let forms = EnglishInflections.forms(of: text)
        return forms.isEmpty || ngrams.tokens(text) != word ? [] : forms.map(ngrams.tokens)
    }
}
