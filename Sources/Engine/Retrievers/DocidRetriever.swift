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
        /// A tree over the vectors of passages' sentences, with a look-ahead and with nothing trained.
        case sentences
        /// The hierarchical k-means tree over the passages' vectors (DSI, NCI), with nothing trained.
        case tree
        /// Residual-quantised codes of the passages' vectors (RIPOR), with nothing trained.
        case rq
    }

    public struct Options: ComponentOptions {
        /// Nil: the trained ones where the index has some that can run, else those of sentences, else the tree.
        public var docids: Source?
        public var beams = 100
        /// The inverse temperature that turns similarities into log-probabilities; 20 is the temperature 1/20
        /// that the encoder was trained with.
        public var inverseTemperature: Float = 20
        /// The weight of BM25 in the look-ahead of docids of sentences and of trained ones, 0 to 1; nil: the index's own.
        public var lookAhead: Float?
        /// False lets autoregressive docids be written freely, without the trie of those that exist and without a
        /// look-ahead, so that what is no docid is lost: a way to measure what the constraint is worth.
        public var constrained: Bool?

        public init() {}

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            if let fault = SearchLimits.fault(("beams", beams, 1...limits.beams)) { return fault }
            if !(0...1).contains(lookAhead ?? 0) { return OptionFault("lookAhead", "0 to 1") }
            let isSound = inverseTemperature > 0 && inverseTemperature.isFinite
            return isSound ? nil : OptionFault("inverseTemperature", "above 0")
        }
    }

    /// The look-ahead weight of docids of sentences before anything was estimated: the best over 15 collections together.
    package static let usualLookAhead: Float = 0.4

    public let needs: QueryNeeds
    public var isRefinable: Bool { search.comparesVectors }
    public var follows: QueryForms { search.follows }
    private let search: any DocidSource
    private let options: Options
    private let index: IndexReader

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<DocidRetriever> {
        let space = try index.value(IndexVectorSpace.self)
        let shared: Set<ComponentID> = space.isShared ? [] : [QueryEncoderPart.kind]
        let hasTrained = index.manifest.part(DocidsPart.kind) != nil
        var notes: [SearchNote] = []
        if options.docids == .trained || (options.docids == nil && hasTrained) {
            do {
                let source = try TrainedDocidSource(index, options, space.dimension)
                let needs: QueryNeeds = [.vector, .states]
                return Opened(
                    DocidRetriever(needs: needs, search: source, options: options, index: index),
                    uses: shared.union([DocidsPart.kind, .lookAhead]))
            } catch {
                guard options.docids == nil else { throw error }
                notes.append(SearchNote(.without(part: DocidsPart.kind, id), reason: EngineError(error)))
            }
        }
        let declines: Set<ComponentID> = hasTrained && notes.isEmpty ? [DocidsPart.kind] : []
        func opened(_ source: any DocidSource, uses: Set<ComponentID> = []) -> Opened<DocidRetriever> {
            Opened(
                DocidRetriever(needs: .vector, search: source, options: options, index: index),
                uses: shared.union(uses),
                declines: declines, notes: notes)
        }
        if options.docids == .sentences || options.docids == nil && SentenceDocidSource.isThere(in: index) {
            do {
                return opened(
                    try SentenceDocidSource(index, options, space.dimension), uses: [.lookAhead])
            } catch {
                guard options.docids == nil else { throw error }
                notes.append(SearchNote(.without(part: SentenceCodes.id, id), reason: EngineError(error)))
            }
        }
        return opened(try VectorDocidSource(index, options, space.dimension))
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let found = try search.search(query, k: depth, beams: options.beams)
        return RankedList(
            id, passages: found.passages, ceiling: 1, floor: found.passages.last?.score ?? 0,
            exactScore: try search.exactScore(for: query),
            evidence: DocidEvidence(source: search, query: query, index: index),
            counters: ["docids": Double(found.docidCount), "invalidDocids": Double(found.invalidDocids)])
    }
}

/// Docids of one kind, as the retriever searches them.
protocol DocidSource: Sendable {
    /// The name of the scheme.
    var scheme: String { get }

    /// Whether a passage's score is the inner product of its vector with the query's.
    var comparesVectors: Bool { get }

    /// What of a query its docids are found by and feedback may change.
    var follows: QueryForms { get }

    func search(_ query: Query, k: Int, beams: Int) throws -> DocidResult<PassageIndex>

    /// The score that a search would give any passage; nil where only a search can tell.
    func exactScore(for query: Query) throws -> (@Sendable (PassageIndex) -> Float)?

    /// The ways to passages' docids, for one query.
    func paths(of passages: [PassageIndex], for query: Query) throws -> [DocidTrace]
}

extension DocidSource {
    var follows: QueryForms { comparesVectors ? .vector : [] }

    func exactScore(for query: Query) throws -> (@Sendable (PassageIndex) -> Float)? { nil }
}

/// The way to a docid.
struct DocidTrace {
    /// With the log-probability of each; empty where there is none. Examples are passages of the index.
    var steps: [DocidStep] = []
    /// The part of the passage that the docid stands for; nil where it is the passage.
    var text: String?
}

/// The docid of a passage, step by step.
private struct DocidEvidence: Evidence {
    let source: any DocidSource
    let query: Query
    let index: IndexReader

    var name: String { "docid" }

    func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
        try source.paths(of: passages, for: query).map { trace in
            let levels = try trace.steps.map(level)
            let path = DocidPath(scheme: source.scheme, text: trace.text, levels: levels)
            return levels.isEmpty ? nil : try JSONTree(encoding: path)
        }
    }

    private func level(_ step: DocidStep) throws -> DocidPath.Level {
        DocidPath.Level(
            token: step.token, logProb: step.logProb, below: step.below,
            title: try step.example.map { try heading(of: PassageIndex($0)) },
            others: step.others.isEmpty ? nil : try step.others.map(level))
    }

    /// A passage's title, or how its text begins.
    private func heading(of passage: PassageIndex) throws -> String {
        let passage = try index.passage(passage)
        return String((passage.title.isEmpty ? passage.text : passage.title).prefix(80))
    }
}
