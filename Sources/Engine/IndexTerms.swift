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
    func search(_ query: Query) -> SparseSearch { query.memo.value { search(query.text) } }

    func search(_ query: String, _ parameters: SparseIndex.Parameters = .init()) -> SparseSearch {
        SparseSearch(query, in: indexes, without: deleted, places: places, parameters: parameters)
    }

    /// What a query's terms give by themselves, as BM25 scores them by default.
    package func floor(_ query: Query, decode: @escaping @Sendable ([Int32]) -> String) -> TermFloor {
        TermFloor(query.text, search(query), indexes[0].analyzer, decode: decode)
    }
}
