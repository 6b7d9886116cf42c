import Memory
import Ranking
import Search

/// BM25 over the terms of all segments: the classic fallback that always answers.
public struct BM25Retriever: IndexRetriever {
    public static let id: ComponentID = "bm25"

    /// BM25's two parameters; the defaults are Anserini's.
    public struct Options: ComponentOptions {
        public var k1: Float = 0.9
        public var b: Float = 0.4

        public init() {}

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            if !(k1 >= 0 && k1.isFinite) { return OptionFault("k1", "0 or more") }
            return (0...1).contains(b) ? nil : OptionFault("b", "0 to 1")
        }

        var parameters: SparseIndex.Parameters {
            var parameters = SparseIndex.Parameters()
            (parameters.k1, parameters.b) = (k1, b)
            return parameters
        }
    }

    private let terms: IndexTerms
    private let parameters: SparseIndex.Parameters

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<BM25Retriever> {
        Opened(BM25Retriever(terms: try index.value(IndexTerms.self), parameters: options.parameters))
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let terms = SparseTerms(query.text, in: terms.indexes, without: terms.deleted)
        let (indexes, places) = (self.terms.indexes, self.terms.places)
        let queries = indexes.enumerated().map { segment, index in
            SparseQuery(terms, segment: segment, of: index, parameters: parameters)
        }
        let filter = query.filter
        let found = Parallel.map(count: queries.count, threads: query.threads) { segment in
            queries[segment].best(depth, passing: filter[segment])
        }
        return RankedList(
            id, passages: places.merged(found, k: depth), ceiling: terms.ceiling,
            exactScore: { passage in
                let (segment, local) = places.locate(passage)
                return queries[segment].score(of: local)
            }, evidence: TermEvidence(terms: query.text, indexes: indexes, places: places, queries: queries))
    }
}

/// The sparse index of all segments.
package struct IndexTerms: LoadedOnce {
    let indexes: [SparseIndex]
    /// Of passages that the segments hold and that do not count.
    let deleted: [SparseIndex]
    let places: SegmentPlaces

    package init(loading index: IndexReader) throws {
        let indexes = try index.components(SparseIndex.self)
        guard indexes.allSatisfy({ $0.analyzer == indexes[0].analyzer }) else {
            throw EngineError.mismatch(path: index.path, what: "its segments do not belong together")
        }
        self.indexes = indexes
        deleted = try index.componentsOfDeleted(SparseIndex.self)
        places = index.places
    }

    /// What a query's terms give by themselves, as BM25 scores them by default.
    package func floor(_ query: String, decode: @escaping @Sendable ([Int32]) -> String) -> TermFloor {
        TermFloor(query, indexes: indexes, without: deleted, places: places, decode: decode)
    }
}

/// What each term adds to a passage's BM25 score.
private struct TermEvidence: Evidence {
    let terms: String
    let indexes: [SparseIndex]
    let places: SegmentPlaces
    let queries: [SparseQuery]

    var name: String { "terms" }

    func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
        try passages.map { passage in
            let (segment, local) = places.locate(passage)
            let parts = queries[segment].explain(local)
            return parts.isEmpty ? nil : try JSONTree(encoding: parts)
        }
    }
}
