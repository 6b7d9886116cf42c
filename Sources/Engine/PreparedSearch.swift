import IndexStore
import Search

/// A kind of search on one snapshot of an index: the components that options ask for, opened, with the weights
/// that fit them.
package struct PreparedSearch: Sendable {
    package let reader: IndexReader
    package internal(set) var pipeline: SearchPipeline
    /// The retrievers that cannot run though nothing was said against them, each with the reason.
    package private(set) var absent: [ComponentID: EngineError] = [:]
    /// What a person should know.
    package internal(set) var notes: [SearchNote] = []
    /// The kinds of parts, and ids of estimates, that the components run with; and those they do without.
    package private(set) var uses: Set<ComponentID> = []
    private var declines: Set<ComponentID> = []
    /// Whether nothing is missing that could be there the next time.
    var isWhole: Bool { absent.values.allSatisfy(\.isOfQuery) && notes.allSatisfy(\.reason.isOfQuery) }

    /// What its queries bring.
    private let contents: QueryContents

    /// - Throws: ``EngineError`` where a component that is asked for by name cannot run, or none can.
    init(
        _ options: SearchOptions, _ reader: IndexReader, _ registry: Registry, contents: QueryContents = .text
    ) throws {
        (self.reader, self.contents) = (reader, contents)
        if contents.contains(.vector), reader.manifest.vectors == nil {
            throw EngineError.vectorsNotImported(index: reader.path)
        }
        pipeline = SearchPipeline(retrievers: [], fusion: Fusion(weights: [:]), depth: options.depth)
        let wanted = try Self.wanted(options, registry)
        // No query can be read without it.
        _ = try reader.value(IndexTokenizer.self)
        for type in wanted { open(type, options) }
        try checkAvailability(options, wanted)
        pipeline.fusion = fusion(options)
        if pipeline.retrievers.contains(where: \.isRefinable) { addRefinement(options) }
        try addReranking(options, registry)
        try addFeedback(options, registry)
    }

    private static func wanted(_ options: SearchOptions, _ registry: Registry) throws -> [any IndexRetriever.Type] {
        guard let names = options.retrievers else { return registry.retrievers.filter { $0.runsByItself } }
        for name in names where !registry.retrievers.contains(where: { $0.id == name }) {
            throw EngineError.unknownComponent(name.name, known: registry.retrievers.map { $0.id })
        }
        return registry.retrievers.filter { names.contains($0.id) }
    }

    private mutating func open<Component: IndexRetriever>(_ type: Component.Type, _ options: SearchOptions) {
        do {
            if let lack = reader.lack(type, contents) { throw lack }
            let opened = try type.open(reader, options[type])
            pipeline.retrievers.append(opened.component)
            add(opened)
        } catch {
            absent[type.id] = EngineError(error)
        }
    }

    private mutating func add(_ opened: Opened<some Sendable>) {
        uses.formUnion(opened.uses)
        declines.formUnion(opened.declines)
        notes += opened.notes.filter { !notes.contains($0) }
    }

    /// Says which retrievers do not run; an explicit wish that cannot be met is an error.
    private mutating func checkAvailability(_ options: SearchOptions, _ wanted: [any IndexRetriever.Type]) throws {
        let missing = wanted.filter { absent[$0.id] != nil }
        let isAlone = pipeline.retrievers.isEmpty
        let asked = missing.filter { isAlone || options.retrievers != nil || options.sets($0.id) }
        if let reason = asked.first.flatMap({ absent[$0.id] }) {
            throw EngineError.unavailable(asked.map { $0.id }, because: reason)
        }
        if isAlone { throw EngineError.noRetriever }
        // An index that never had vectors said so when it was built.
        let told = missing.filter { reader.manifest.vectorDimension != nil || !$0.isOfEncoder }
        for reason in told.compactMap({ absent[$0.id] }) {
            let note = SearchNote(.absent(told.map { $0.id }.filter { absent[$0] == reason }), reason: reason)
            if !notes.contains(note) { notes.append(note) }
        }
    }

    /// Where there are static vectors, the best are compared by the encoder's own.
    private mutating func addRefinement(_ options: SearchOptions) {
        let depth = options.encode ?? (fusionEstimate?.encodes == false ? 0 : SearchOptions.usuallyEncoded)
        guard depth > 0 else { return }
        do {
            pipeline.refinement = try VectorRefiner.open(reader).map { RefineStage($0, depth: depth) }
        } catch {
            notes.append(SearchNote(.notRefined, reason: EngineError(error)))
        }
    }

    private func fusion(_ options: SearchOptions) -> Fusion {
        if let weights = options.weights { return Fusion(method: options.fusion, weights: weights) }
        let own = pipeline.retrievers.map(\.id)
        let usual = FusionPrior.fits(own, using: uses) ? FusionPrior.weights : Fusion.uniform(own).weights
        return Fusion(method: options.fusion, weights: fusionEstimate?.weights ?? usual)
    }

    /// None where queries bring vectors: it was made of texts, for which there are none.
    private var fusionEstimate: FusionEstimate? {
        guard !contents.contains(.vector) else { return nil }
        return reader.snapshot.estimate(.fusionWeights, as: FusionEstimate.self, using: uses)?.value
    }
}

// MARK: Reranking

extension PreparedSearch {
    /// Adds the stage that is asked for, or else the index's own, which is for weighted fusions.
    private mutating func addReranking(_ options: SearchOptions, _ registry: Registry) throws {
        let isUsual = pipeline.retrievers.count > 1 && options.fusion == .weighted
        let usual = registry.rerankers.contains { $0.runsByItself(in: reader) } ? Self.usualDepth : 0
        if let depth = options.rerank ?? (isUsual ? rerankEstimate?.depth ?? usual : nil), depth > 0 {
            let stage = try reranking(depth, options, registry, isAsked: options.rerank != nil)
            pipeline.stages = stage.map { [$0] } ?? []
        }
        if let text = options.rerankWith {
            let reranker = try ModelReranker(text, reader)
            let depth = reranker.depth ?? Self.usualDepth
            pipeline.stages.append(RerankStage([(reranker, 1)], depth: depth, decidesAlone: true))
        }
    }

    /// - Parameter isAsked: whether it is an error where nothing can be reranked, and no note.
    /// - Returns: nil where nothing is reranked.
    mutating func reranking(
        _ depth: Int, _ options: SearchOptions, _ registry: Registry, isAsked: Bool
    ) throws -> RerankStage? {
        let weights =
            options.rerankWeights ?? rerankEstimate?.weights
            ?? Dictionary(uniqueKeysWithValues: registry.rerankers.map { ($0.id, $0.usualWeight(in: reader)) })
        for name in weights.keys where !registry.rerankers.contains(where: { $0.id == name }) {
            throw EngineError.unknownComponent(name.name, known: registry.rerankers.map { $0.id })
        }
        var stage: [(reranker: any Reranker, weight: Float)] = []
        var failures: [EngineError] = []
        for type in registry.rerankers {
            guard let weight = weights[type.id], weight > 0 else { continue }
            do {
                guard let reranker = try open(type, options, isAsked: isAsked) else { return nil }
                stage.append((reranker, weight))
            } catch {
                failures.append(EngineError(error))
            }
        }
        if !stage.isEmpty { return RerankStage(stage, depth: depth) }
        guard let reason = failures.first else { return nil }
        if isAsked { throw EngineError.cannotRerank(because: reason) }
        notes.append(SearchNote(.notReranked, reason: reason))
        return nil
    }

    /// What the fusion's best are reranked to before anything was estimated.
    static let usualDepth = 20

    /// The index's own way to rerank. Which retrievers run does not matter to it.
    private var rerankEstimate: RerankEstimate? {
        let parts = Set(reader.manifest.parts.map(\.kind)).subtracting(declines)
        let used = parts.union(reader.manifest.estimates.map(\.id))
        return reader.snapshot.estimate(.rerank, as: RerankEstimate.self, using: used)?.value
    }

    /// - Returns: nil where it reranks with a part that the search does without.
    private mutating func open<Component: IndexReranker>(
        _ type: Component.Type, _ options: SearchOptions, isAsked: Bool
    ) throws -> (any Reranker)? {
        let opened = try type.open(reader, options[type])
        guard isAsked || opened.uses.isDisjoint(with: declines) else { return nil }
        add(opened)
        return opened.component
    }
}
