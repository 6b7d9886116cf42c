import Ranking
import Search

/// The sparse index of all segments.
package struct IndexTerms: LoadedOnce {
    private let indexes: [SparseIndex]
    /// Of passages that the segments hold and that do not count.
    private let deleted: [SparseIndex]
    private let places: SegmentPlaces

    package init(loading index: IndexReader) throws {
        let indexes = try index.components(SparseIndex.self)
        guard indexes.allSatisfy({ $0.analyzer == indexes[0].analyzer }) else {
            throw EngineError.mismatch(path: index.path, what: "its segments do not belong together")
        }
        self.indexes = indexes
        deleted = try index.componentsOfDeleted(SparseIndex.self)
        places = index.places
    }

    /// A query as BM25 scores it by default: prepared once for all that ask.
    func search(_ query: Query) -> SparseSearch { query.memo.value { search(query, .init()) } }

    /// A query's terms, with their weights where it has some.
    func search(_ query: Query, _ parameters: SparseIndex.Parameters) -> SparseSearch {
        let terms =
            query[WeightedTerms.self].map { SparseTerms($0, in: indexes, without: deleted) }
            ?? SparseTerms(query.text, in: indexes, without: deleted)
        return SparseSearch(terms, in: indexes, places: places, parameters: parameters)
    }

    /// The number of passages, and of those that hold a term; deleted ones do not count.
    func documentCount() -> Int { Self.sum(indexes, deleted) { $0.documentCount } }

    func documentFrequency(of term: String) -> Int { Self.sum(indexes, deleted) { $0.documentFrequency(of: term) } }

    private static func sum(_ all: [SparseIndex], _ deleted: [SparseIndex], _ count: (SparseIndex) -> Int) -> Int {
        all.reduce(0) { $0 + count($1) } - deleted.reduce(0) { $0 + count($1) }
    }

    /// What a query's terms give by themselves, as BM25 scores them by default.
    package func floor(_ query: Query, decode: @escaping @Sendable ([Int32]) -> String) -> TermFloor {
        let analyzer = indexes[0].analyzer
        let terms = query[WeightedTerms.self]?.terms.map(\.term) ?? analyzer.terms(of: query.text)
        return TermFloor(Set(terms), search(query), analyzer, decode: decode)
    }
}
