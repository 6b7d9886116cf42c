/// What the query's terms alone give every passage: the BM25 score of the sparse index, from which the evidence of n-grams
/// starts.
package struct TermFloor: Sendable {
    package let search: SparseSearch
    /// The query's terms.
    let terms: Set<String>
    private let analyzer: TermAnalyzer
    /// The text that tokens spell.
    private let decode: @Sendable ([Int32]) -> String

    /// - Parameters:
    ///   - search: of the same text.
    ///   - decode: the text that tokens of the n-gram index spell.
    package init(
        _ text: String, _ search: SparseSearch, _ analyzer: TermAnalyzer,
        decode: @escaping @Sendable ([Int32]) -> String
    ) {
        (self.search, self.analyzer, self.decode) = (search, analyzer, decode)
        terms = Set(analyzer.terms(of: text))
    }

    /// The distinct terms of a key.
    func terms(of tokens: [Int32]) -> Set<String> { Set(analyzer.terms(of: decode(tokens))) }

    /// The UTF-8 bytes of a text at which a term stands.
    package func places(of term: String, in text: String) -> [Range<Int>] { places(of: [term], in: text) }

    /// The UTF-8 bytes of a text at which any of some terms stand.
    package func places(of terms: Set<String>, in text: String) -> [Range<Int>] { analyzer.places(of: terms, in: text) }
}
