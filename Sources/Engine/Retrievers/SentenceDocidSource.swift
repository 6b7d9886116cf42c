import Docids
import IndexStore
import Memory
import Ranking
import Search

/// The docids that the vectors of passages' sentences give, segment by segment, with a look-ahead by BM25. A passage of a segment
/// whose passages are hardly longer than a sentence is its own sentence.
struct SentenceDocidSource: DocidSource {
    let scheme = DocidRetriever.Source.sentences.rawValue
    let comparesVectors = false
    var follows: QueryForms { weight > 0 ? [.vector, .terms] : .vector }
    private let index: IndexReader
    private let segments: [SentenceDocidSearch]
    private let terms: IndexTerms
    private let places: SegmentPlaces
    private let weight: Float
    private let inverseTemperature: Float
    /// What passes in each segment where nothing is asked but that passages are not deleted.
    private let living: Passing

    /// Whether some segment has docids of sentences.
    static func isThere(in index: IndexReader) -> Bool {
        index.snapshot.segments.contains { $0.has(SentenceCodes.self) }
    }

    init(_ index: IndexReader, _ options: DocidRetriever.Options, _ dimension: Int) throws {
        try index.checkStamps()
        self.index = index
        places = index.places
        inverseTemperature = options.inverseTemperature
        weight =
            options.lookAhead ?? index.snapshot.estimate(.lookAhead, as: Float.self, using: [])?.value
            ?? DocidRetriever.usualLookAhead
        terms = try index.value(IndexTerms.self)
        segments = try index.snapshot.segments.map { segment in
            let sentences =
                segment.has(SentenceCodes.self)
                ? try segment.component(SentenceCodes.self)
                : SentenceCodes(ofPassages: try segment.component(DenseIndex.self))
            guard let sentences else {
                throw EngineError.mismatch(path: index.path, what: "it has no docids of the kind that is asked for")
            }
            guard sentences.dimension == dimension else {
                throw EngineError.mismatch(path: index.path, what: "its vectors and docids do not fit together")
            }
            return SentenceDocidSearch(sentences)
        }
        living = Self.passing(try index.living(), segments)
    }

    /// What passes a filter, in each segment.
    private struct Passing: Sendable {
        let filter: PassageFilter
        let docids: [PassingDocids?]
    }

    private static func passing(_ filter: PassageFilter, _ segments: [SentenceDocidSearch]) -> Passing {
        Passing(
            filter: filter,
            docids: segments.enumerated().map { segment, search in filter[segment].map(search.docids) })
    }

    private func passing(_ filter: PassageFilter) -> Passing {
        filter == living.filter ? living : filter.memo.value { Self.passing(filter, segments) }
    }

    /// A query in each segment.
    private func queries(_ query: Query, _ passing: Passing? = nil) throws -> [SentenceDocidSearch.Query] {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let search = weight > 0 ? terms.search(query) : nil
        return segments.indices.map { segment in
            var own = SentenceDocidSearch.Query(
                vector: vector, terms: search.map { ($0.query(inSegment: segment), weight) })
            own.passing = passing?.docids[segment]
            own.passages = passing?.filter[segment]
            return own
        }
    }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex> {
        let passing = passing(query.filter)
        let queries = try queries(query, passing)
        let (segments, cancellation) = (segments, query.cancellation)
        let found: [DocidResult<Int32>] = Parallel.map(count: segments.count, threads: query.threads) { segment in
            segments[segment].search(queries[segment], k: k, beams: beams, cancellation: cancellation)
        }
        return DocidResult(
            passages: places.merged(found.map(\.passages), k: k),
            docidCount: found.reduce(0) { $0 + $1.docidCount },
            invalidDocids: found.reduce(0) { $0 + $1.invalidDocids })
    }

    func exactScore(for query: Query) throws -> (@Sendable (PassageIndex) -> Float)? {
        let scores = try zip(segments, queries(query)).map { $0.scores($1) }
        let places = places
        return { passage in
            let (segment, local) = places.locate(passage)
            return scores[segment](local)
        }
    }

    func paths(of passages: [PassageIndex], for query: Query) throws -> [DocidTrace] {
        let queries = try queries(query)
        var paths: [Int: (Int32) -> (sentence: Int, steps: [DocidStep])] = [:]
        return try passages.map { passage in
            let (segment, local) = places.locate(passage)
            let path =
                paths[segment] ?? segments[segment].paths(queries[segment], inverseTemperature: inverseTemperature)
            paths[segment] = path
            let (sentence, steps) = path(local)
            let pieces = DocidRecipe().sentences(of: try index.passage(passage).text)
            return DocidTrace(
                steps: steps.naming { places.global($0, in: segment).rawValue },
                text: pieces.indices.contains(sentence) ? String(pieces[sentence]) : nil)
        }
    }
}
