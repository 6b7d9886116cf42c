import Memory
import Search

/// What the query's terms alone give every passage: the BM25 score of the sparse index, from which the evidence of n-grams
/// starts.
package struct TermFloor: Sendable {
    /// The sparse index's own score, in each segment.
    let queries: [SparseQuery]
    private let places: SegmentPlaces
    /// No passage's floor is higher.
    let ceiling: Float
    /// The query's terms.
    let terms: Set<String>
    private let analyzer: TermAnalyzer
    /// The text that tokens spell.
    private let decode: @Sendable ([Int32]) -> String

    /// - Parameters:
    ///   - indexes: of all segments, in the order of the corpus.
    ///   - deleted: of passages that do not count.
    ///   - decode: the text that tokens of the n-gram index spell.
    package init(
        _ text: String, indexes: [SparseIndex], without deleted: [SparseIndex], places: SegmentPlaces,
        parameters: SparseIndex.Parameters = .init(), decode: @escaping @Sendable ([Int32]) -> String
    ) {
        let terms = SparseTerms(text, in: indexes, without: deleted)
        queries = indexes.enumerated().map { SparseQuery(terms, segment: $0, of: $1, parameters: parameters) }
        self.places = places
        ceiling = terms.ceiling
        (analyzer, self.decode) = (indexes[0].analyzer, decode)
        self.terms = Set(analyzer.terms(of: text))
    }

    /// The distinct terms of a key.
    func terms(of tokens: [Int32]) -> Set<String> { Set(analyzer.terms(of: decode(tokens))) }

    /// The UTF-8 bytes of a text at which a term stands.
    package func places(of term: String, in text: String) -> [Range<Int>] { analyzer.places(of: [term], in: text) }

    /// The best `k` of all segments: score falling, then passage rising.
    func best(_ k: Int, _ filter: PassageFilter, threads: Int) -> [ScoredPassage] {
        places.merged(
            Parallel.map(count: queries.count, threads: threads) { queries[$0].best(k, passing: filter[$0]) }, k: k)
    }
}
