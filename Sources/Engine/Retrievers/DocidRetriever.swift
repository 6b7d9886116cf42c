import Docids
import IndexStore
import Memory
import Ranking
import Search
import Transformers

/// Retrieval by generated docids: beam search over the docids of an index, trained ones or those that its
/// vectors give.
public struct DocidRetriever: IndexRetriever {
    public static let id: ComponentID = "docid"
    public static let isOfEncoder = true

    /// Which docids are generated.
    public enum Source: String, Sendable, Codable, CaseIterable {
        /// Those that a network was trained for.
        case trained
        /// The hierarchical k-means tree over the passages' vectors (DSI, NCI), with nothing trained.
        case tree
        /// Residual-quantised codes of the passages' vectors (RIPOR), with nothing trained.
        case rq
    }

    public struct Options: ComponentOptions {
        /// Nil: the trained ones where the index has some that can run, else the tree.
        public var docids: Source?
        public var beams = 100
        /// The inverse temperature that turns similarities into log-probabilities; 20 is the temperature 1/20
        /// that the encoder was trained with.
        public var inverseTemperature: Float = 20
        /// The weight of BM25 in the look-ahead of trained docids, 0 to 1; nil: the index's own.
        public var lookAhead: Float?

        public init() {}

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            if let fault = SearchLimits.fault(("beams", beams, 1...limits.beams)) { return fault }
            if !(0...1).contains(lookAhead ?? 0) { return OptionFault("lookAhead", "0 to 1") }
            let isSound = inverseTemperature > 0 && inverseTemperature.isFinite
            return isSound ? nil : OptionFault("inverseTemperature", "above 0")
        }
    }

    public let needs: QueryNeeds
    private let search: any DocidSource
    private let options: Options

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<DocidRetriever> {
        let encoder = try index.value(IndexQueryEncoder.self)
        let shared: Set<ComponentID> = encoder.isShared ? [] : [QueryEncoderPart.kind]
        let hasTrained = index.manifest.part(DocidsPart.kind) != nil
        var notes: [SearchNote] = []
        if options.docids == .trained || (options.docids == nil && hasTrained) {
            do {
                let source = try TrainedDocidSource(index, options)
                let needs: QueryNeeds = [.vector, .states]
                return Opened(
                    DocidRetriever(needs: needs, search: source, options: options),
                    uses: shared.union([DocidsPart.kind, .lookAhead]))
            } catch {
                guard options.docids == nil else { throw error }
                notes.append(SearchNote(.without(part: DocidsPart.kind, id), reason: EngineError(error)))
            }
        }
        let source = try VectorDocidSource(index, options, encoder.encoder.dimension)
        let declines: Set<ComponentID> = hasTrained && notes.isEmpty ? [DocidsPart.kind] : []
        return Opened(
            DocidRetriever(needs: .vector, search: source, options: options), uses: shared, declines: declines,
            notes: notes)
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let found = try search.search(query, k: depth, beams: options.beams)
        return RankedList(
            id, passages: found.passages, ceiling: 1, floor: found.passages.last?.score ?? 0,
            evidence: DocidEvidence(source: search, query: query),
            counters: ["docids": Double(found.docidCount), "invalidDocids": Double(found.invalidDocids)])
    }
}

/// Docids of one kind, as the retriever searches them.
protocol DocidSource: Sendable {
    /// The name of the scheme.
    var scheme: String { get }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex>

    /// The paths of passages' docids with the log-probability of each step, for one query.
    func paths(of passages: [PassageIndex], for query: Query) throws -> [[DocidStep]]
}

/// The docids that the passages' vectors give, segment by segment.
private struct VectorDocidSource: DocidSource {
    let scheme: String
    private let segments: [DocidSearch]
    private let places: SegmentPlaces
    private let inverseTemperature: Float

    init(_ index: IndexReader, _ options: DocidRetriever.Options, _ dimension: Int) throws {
        let isQuantised = options.docids == .rq
        scheme = (isQuantised ? DocidRetriever.Source.rq : .tree).rawValue
        places = index.places
        inverseTemperature = options.inverseTemperature
        segments = try index.snapshot.segments.map { segment in
            let dense = try segment.component(DenseIndex.self)
            let docids = try segment.component(SegmentDocids.self)
            guard dense.dimension == dimension, docids.tree.dimension == dimension else {
                throw EngineError.mismatch(path: index.path, what: "its vectors and docids do not fit together")
            }
            guard isQuantised else { return DocidSearch(tree: docids.tree, dense: dense) }
            guard let codes = docids.quantised else {
                throw EngineError.mismatch(path: index.path, what: "it has no residual-quantised docids")
            }
            return DocidSearch(trie: codes.trie, quantiser: codes.quantiser, dense: dense)
        }
    }

    private func options(beams: Int = 100) -> DocidSearch.Options {
        .init(beams: beams, inverseTemperature: inverseTemperature)
    }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex> {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let found = segments.map {
            $0.search(vector, k: k, options: options(beams: beams), cancellation: query.cancellation)
        }
        return DocidResult(
            passages: places.merged(found.map(\.passages), k: k),
            docidCount: found.reduce(0) { $0 + $1.docidCount },
            invalidDocids: found.reduce(0) { $0 + $1.invalidDocids })
    }

    func paths(of passages: [PassageIndex], for query: Query) throws -> [[DocidStep]] {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        return passages.map { passage in
            let (segment, local) = places.locate(passage)
            return segments[segment].path(of: local, query: vector, options: options())
        }
    }
}

/// Docids that a network was trained for, over the passages of all segments.
private struct TrainedDocidSource: DocidSource {
    private let docids: TrainedDocids
    private let indexes: [SparseIndex]
    private let weight: Float

    var scheme: String { docids.recipe.scheme.rawValue }

    init(_ index: IndexReader, _ options: DocidRetriever.Options) throws {
        let stored = try index.value(IndexDocids.self)
        docids = stored.docids
        weight = options.lookAhead ?? stored.lookAhead
        indexes = weight > 0 ? try index.components(SparseIndex.self) : []
    }

    /// What the look-ahead knows before the first token; the same for a search and its explanation.
    private func lookAhead(_ query: Query) -> LookAhead? {
        guard weight > 0 else { return nil }
        return query.memo.value { LookAhead(of: query.text, in: indexes, weight: weight) }
    }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex> {
        try docids.search(query, lookAhead: lookAhead(query), k: k, beams: beams)
    }

    func paths(of passages: [PassageIndex], for query: Query) throws -> [[DocidStep]] {
        try docids.paths(of: passages, query, lookAhead: lookAhead(query))
    }
}

/// The docid of a passage, step by step.
private struct DocidEvidence: Evidence {
    let source: any DocidSource
    let query: Query

    var name: String { "docid" }

    func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
        try source.paths(of: passages, for: query).map { steps in
            let levels = steps.map { DocidPath.Level(token: $0.token, logProb: $0.logProb) }
            return levels.isEmpty ? nil : try JSONTree(encoding: DocidPath(scheme: source.scheme, levels: levels))
        }
    }
}
