import Foundation
import Memory
import Ranking
import Search
import Text
import Transformers

/// Turns texts into queries: tokens, and what models make of them.
public struct QueryAnalyzer: LoadedOnce {
    let tokenizer: IndexTokenizer

    private let language: TermLanguage

    public init(loading index: IndexReader) throws {
        tokenizer = try index.value(IndexTokenizer.self)
        language = try index.value(IndexAnalyzer.self).analyzer.language
    }

    package init(_ tokenizer: IndexTokenizer, language: TermLanguage = .english) {
        (self.tokenizer, self.language) = (tokenizer, language)
    }

    /// The query's tokens, word by word.
    ///
    /// - Throws: ``EngineError/emptyQuery`` when the text has no token or nothing but punctuation.
    package func ngramQuery(_ text: String) throws(EngineError) -> NgramQuery {
        let encoding = tokenizer.ngrams.encode(text)
        let tokens = encoding.ids
        guard !tokens.isEmpty, text.unicodeScalars.contains(where: Self.isTelling) else { throw .emptyQuery }
        var words: [[Int32]] = []
        for token in tokens {
            if !tokenizer.ngrams.startsWord(token), !words.isEmpty {
                words[words.count - 1].append(token)
            } else {
                words.append([token])
            }
        }
        return NgramQuery(words: words, forms: words.map(forms), runs: runs(encoding, of: text))
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
        guard language == .english else { return [] }
        let text = tokenizer.tokenizer.decode(word)
        let forms = EnglishInflections.forms(of: text)
        return forms.isEmpty || tokenizer.ngrams.tokens(text) != word ? [] : forms.map(tokenizer.ngrams.tokens)
    }
}

extension IndexReader {
    /// A query with what its components need.
    ///
    /// Vector and states come from one pass of the encoder, but from two where the index has a query encoder of
    /// its own: a generator reads the states of the encoder that it was trained on.
    ///
    /// - Parameters:
    ///   - text: as it was asked; empty only where there is a vector.
    ///   - vector: the query's own, where the index's were imported; of any length but 0.
    ///   - needs: what of it is computed.
    ///   - filter: what may be found of what is not deleted.
    ///   - cancellation: that the query carries to its components.
    /// - Throws: ``EngineError/emptyQuery``; why a model that is needed cannot be loaded, or a vector not be compared.
    public func query(
        _ text: String, vector: [Float]? = nil, needs: QueryNeeds = [.vector, .states], filter: PassageFilter = .all,
        cancellation: Cancellation = .never
    ) throws -> Query {
        var query = Query(text, filter: filter.intersection(try living()), threads: threads, cancellation: cancellation)
        if QueryContents(text, vector).contains(.text) {
            query[NgramQuery.self] = try value(QueryAnalyzer.self).ngramQuery(text)
        }
        if let vector {
            query.vector = try unit(vector)
            return query
        }
        let queryEncoder = needs.contains(.vector) ? try value(IndexQueryEncoder.self) : nil
        if let queryEncoder, !queryEncoder.isShared { query.vector = queryEncoder.encoder.encodeQuery(text).vector }
        guard needs.contains(.states) || queryEncoder?.isShared == true else { return query }
        let own = try value(IndexEncoder.self).encoder.encodeQuery(text)
        if queryEncoder?.isShared == true { query.vector = own.vector }
        query[GeneratorModel.Source.self] = .init(tokens: own.ids, states: own.tokenStates)
        return query
    }
}
