import Docids
import IndexStore
import Memory
import Ranking
import Search

/// The docids that the passages' vectors give, segment by segment.
struct VectorDocidSource: DocidSource {
    let scheme: String
    let comparesVectors = true
    private let segments: [DocidSearch]
    private let places: SegmentPlaces
    private let inverseTemperature: Float

    init(_ index: IndexReader, _ options: DocidRetriever.Options, _ dimension: Int) throws {
        let isQuantised = options.docids == .rq
        scheme = (isQuantised ? DocidRetriever.Source.rq : .tree).rawValue
        places = index.places
        inverseTemperature = options.inverseTemperature
        try index.checkStamps()
        let living = try index.living()
        segments = try index.snapshot.segments.enumerated().map { place, segment in
            let dense = try segment.component(DenseIndex.self)
            guard dense.dimension == dimension else {
                throw EngineError.mismatch(path: index.path, what: "its vectors and docids do not fit together")
            }
            if !isQuantised, let codes = dense.codes { return DocidSearch(codes: codes, living: living[place]) }
            guard segment.has(SegmentDocids.self) || !isQuantised else {
                throw EngineError.mismatch(path: index.path, what: "it has no residual-quantised docids")
            }
            let docids = try segment.component(SegmentDocids.self)
            guard docids.dimension == dimension else {
                throw EngineError.mismatch(path: index.path, what: "its vectors and docids do not fit together")
            }
            if !isQuantised, let tree = docids.tree {
                return DocidSearch(tree: tree, dense: dense, living: living[place])
            }
            guard let codes = docids.quantised else {
                throw EngineError.mismatch(path: index.path, what: "it has no docids of the kind that is asked for")
            }
            return DocidSearch(trie: codes.trie, quantiser: codes.quantiser, dense: dense, living: living[place])
        }
    }

    /// What passes a filter, in each segment.
    private struct Passing: Sendable {
        let scheme: String
        let docids: [PassingDocids?]
    }

    private func options(beams: Int = 100) -> DocidSearch.Options {
        .init(beams: beams, inverseTemperature: inverseTemperature)
    }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex> {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let (filter, segments) = (query.filter, segments)
        let passing = filter.memo.value(where: { $0.scheme == scheme }) {
            Passing(scheme: scheme, docids: segments.enumerated().map { $1.docids(of: filter[$0]) })
        }
        let options = options(beams: beams)
        let cancellation = query.cancellation
        let found: [DocidResult<Int32>] = Parallel.map(count: segments.count, threads: query.threads) { segment in
            let passing = passing.docids[segment]
            guard passing?.documents.isEmpty != true else {
                return DocidResult(passages: [], docidCount: 0, invalidDocids: 0)
            }
            return segments[segment].search(
                vector, k: k, options: options, passing: passing, cancellation: cancellation)
        }
        return DocidResult(
            passages: places.merged(found.map(\.passages), k: k),
            docidCount: found.reduce(0) { $0 + $1.docidCount },
            invalidDocids: found.reduce(0) { $0 + $1.invalidDocids })
    }

    func paths(of passages: [PassageIndex], for query: Query) throws -> [DocidTrace] {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        return passages.map { passage in
            let (segment, local) = places.locate(passage)
            let steps = segments[segment].path(of: local, query: vector, options: options())
            return DocidTrace(steps: steps.naming { places.global($0, in: segment).rawValue })
        }
    }
}
