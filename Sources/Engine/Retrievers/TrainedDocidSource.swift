import Docids
import IndexStore
import Memory
import Ranking
import Search

/// Docids that a network was trained for, over the passages that the index had then; those that came later are found
/// by the docids that their own vectors give them.
struct TrainedDocidSource: DocidSource {
    private let docids: TrainedDocids
    private let index: IndexReader
    /// From the passages as the docids count them to those of the index, and back; nil where they are the same.
    private let moved: (passages: PassageMap, back: [Int32])?
    private let terms: [SparseIndex]
    private let deletedTerms: [SparseIndex]
    private let weight: Float
    private let isConstrained: Bool
    /// The passages that came later; nil where none did.
    private let later: (source: VectorDocidSource, filter: PassageFilter)?
    /// What passes where nothing is asked but that passages are not deleted.
    private let living: (filter: PassageFilter, passing: PlaceSet?)

    var scheme: String { docids.recipe.scheme.rawValue }
    var comparesVectors: Bool { false }

    init(_ index: IndexReader, _ options: DocidRetriever.Options, _ dimension: Int) throws {
        let stored = try index.value(IndexDocids.self)
        docids = stored.docids
        self.index = index
        isConstrained = options.constrained ?? true
        weight = isConstrained ? options.lookAhead ?? stored.lookAhead : 0
        terms = weight > 0 ? try index.components(SparseIndex.self) : []
        deletedTerms = weight > 0 ? try index.componentsOfDeleted(SparseIndex.self) : []
        let passages = stored.passages
        moved = passages.isIdentity ? nil : (passages, Self.inverse(of: passages, count: index.count))
        later = try moved.map { try Self.later($0.back, index, options, dimension) } ?? nil
        let filter = try index.living()
        living = (filter, Self.passing(filter, passages))
    }

    private static func inverse(of passages: PassageMap, count: Int) -> [Int32] {
        var back = [Int32](repeating: -1, count: count)
        for own in 0..<passages.count {
            if let passage = passages[own] { back[passage.place] = Int32(own) }
        }
        return back
    }

    /// - Parameter back: the number among the docids of every passage, -1 where it has none.
    private static func later(
        _ back: [Int32], _ index: IndexReader, _ options: DocidRetriever.Options, _ dimension: Int
    ) throws -> (VectorDocidSource, PassageFilter)? {
        guard back.contains(-1) else { return nil }
        var options = options
        options.docids = .tree
        let segments = index.snapshot.segments
        let filter = PassageFilter(
            segments.enumerated().map { segment, snapshot in
                PlaceSet(capacity: snapshot.record.passages) {
                    back[index.places.global(Int32($0), in: segment).place] < 0
                }
            }, sizes: segments.map(\.record.passages))
        return (try VectorDocidSource(index, options, dimension), filter)
    }

    /// What passes a filter, as the docids count passages; nil where all do.
    private static func passing(_ filter: PassageFilter, _ passages: PassageMap) -> PlaceSet? {
        guard !filter.passesAll || !passages.isIdentity else { return nil }
        return PlaceSet(capacity: passages.count) { own in
            passages[own].map(filter.contains) ?? false
        }
    }

    private func passing(_ filter: PassageFilter) -> PlaceSet? {
        if filter == living.filter { return living.passing }
        guard let moved else {
            return PlaceSet(capacity: index.count) { filter.contains(PassageIndex($0)) }
        }
        return Self.passing(filter, moved.passages)
    }

    /// What the look-ahead knows before the first token; the same for a search and its explanation.
    private func lookAhead(_ query: Query) -> LookAhead? {
        guard weight > 0 else { return nil }
        return query.memo.value { () -> LookAhead in
            var lookAhead = LookAhead(of: query.text, in: terms, without: deletedTerms, weight: weight)
            if let passages = moved?.passages {
                let scores = lookAhead.scores
                lookAhead.scores = (0..<passages.count).map { own in passages[own].map { scores[$0.place] } ?? 0 }
            }
            return lookAhead
        }
    }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex> {
        var found = try docids.search(
            query, lookAhead: lookAhead(query), k: k, beams: beams, passing: passing(query.filter),
            isConstrained: isConstrained)
        if let moved {
            found.passages = found.passages.compactMap { item in
                moved.passages[item.passage.place].map { Scored($0, score: item.score) }
            }
        }
        guard let later else { return found }
        var rest = query
        rest.filter = query.filter.intersection(later.filter)
        let own = try later.source.search(rest, k: k, beams: beams)
        var top = TopK<PassageIndex>(capacity: k)
        for item in found.passages + own.passages { top.offer(item) }
        return DocidResult(
            passages: top.sorted(), docidCount: found.docidCount + own.docidCount,
            invalidDocids: found.invalidDocids + own.invalidDocids)
    }

    func paths(of passages: [PassageIndex], for query: Query) throws -> [DocidTrace] {
        guard let moved else {
            return try docids.paths(of: passages, query, lookAhead: lookAhead(query)).map { DocidTrace(steps: $0) }
        }
        let own = passages.map { moved.back[$0.place] }
        var known = try docids.paths(
            of: own.filter { $0 >= 0 }.map { PassageIndex($0) }, query, lookAhead: lookAhead(query))[...]
        let others = zip(passages, own).filter { $0.1 < 0 }.map(\.0)
        var rest = try later?.source.paths(of: others, for: query)[...] ?? []
        func here(_ steps: [DocidStep]) -> DocidTrace {
            DocidTrace(steps: steps.naming { moved.passages[PassageIndex($0).place]?.rawValue })
        }
        return own.map { ($0 >= 0 ? known.popFirst().map(here) : rest.popFirst()) ?? DocidTrace() }
    }
}
