import Memory
import Search

/// One query in the sparse indexes of all segments.
package struct SparseSearch: Sendable {
    /// One a segment.
    let queries: [SparseQuery]
    private let places: SegmentPlaces
    /// No passage scores more.
    package let ceiling: Float

    /// - Parameters:
    ///   - indexes: of all segments, in the order of the corpus, with one analyzer.
    ///   - deleted: of passages that the segments hold and that do not count.
    package init(
        _ text: String, in indexes: [SparseIndex], without deleted: [SparseIndex], places: SegmentPlaces,
        parameters: SparseIndex.Parameters = .init()
    ) {
        self.init(
            SparseTerms(text, in: indexes, without: deleted), in: indexes, places: places, parameters: parameters)
    }

    /// - Parameters:
    ///   - terms: of a query in the same indexes.
    ///   - indexes: of all segments, in the order of the corpus.
    package init(
        _ terms: SparseTerms, in indexes: [SparseIndex], places: SegmentPlaces,
        parameters: SparseIndex.Parameters = .init()
    ) {
        queries = indexes.enumerated().map { SparseQuery(terms, segment: $0, of: $1, parameters: parameters) }
        self.places = places
        ceiling = terms.ceiling
    }

    /// The best `k` of all segments: score falling, then passage rising.
    package func best(_ k: Int, _ filter: PassageFilter, threads: Int) -> [ScoredPassage] {
        places.merged(
            Parallel.map(count: queries.count, threads: threads) { queries[$0].best(k, passing: filter[$0]) }, k: k)
    }

    /// The query in one segment.
    package func query(inSegment segment: Int) -> SparseQuery { queries[segment] }

    /// The score of a passage, 0 where it holds none of the terms.
    package func score(of passage: PassageIndex) -> Float {
        let (segment, local) = places.locate(passage)
        return queries[segment].score(of: local)
    }

    /// What each term gives to a passage, the largest part first.
    package func explain(_ passage: PassageIndex) -> [TermPart] {
        let (segment, local) = places.locate(passage)
        return queries[segment].explain(local)
    }
}
