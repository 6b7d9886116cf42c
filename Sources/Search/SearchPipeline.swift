import Memory

/// What one kind of search is made of, frozen: retrievers, their fusion, rerankers.
public struct SearchPipeline: Sendable {
    public var retrievers: [any Retriever]
    public var fusion: Fusion
    /// Runs before the lists are fused for good; nil where no score can get better.
    public var refinement: RefineStage?
    public var stages: [RerankStage]
    /// How many passages each retriever gives to the fusion.
    public var depth: Int

    public init(retrievers: [any Retriever], fusion: Fusion, stages: [RerankStage] = [], depth: Int = 100) {
        self.retrievers = retrievers
        self.fusion = fusion
        self.stages = stages
        self.depth = depth
    }

    /// What of a query must be computed before ``run(_:)``.
    public var needs: QueryNeeds {
        stages.reduce(retrievers.reduce([]) { $0.union($1.needs) }) { $0.union($1.needs) }
    }

    public struct Outcome: Sendable {
        /// One for each retriever, in their order.
        public var lists: [RankedList]
        /// The union of the lists; fused and reranked, not in order any more where something was reranked.
        public var candidates: [Candidate]
        /// Of how many passages scores were refined.
        public var refinedCount = 0
        public var refineSeconds = 0.0
        public var rerankedCount = 0
        public var rerankSeconds = 0.0
    }

    /// Runs the retrievers one after the other, fuses and reranks.
    ///
    /// - Throws: ``Cancelled`` where the query's cancellation is raised; what components throw.
    public func run(_ query: Query) throws -> Outcome {
        let (lists, refined, seconds) = try refinedLists(for: query)
        var outcome = Outcome(
            lists: lists, candidates: fusion.fuse(lists), refinedCount: refined, refineSeconds: seconds)
        let start = ContinuousClock.now
        for stage in stages {
            // What an earlier stage changed comes in a new order.
            if outcome.rerankedCount > 0 {
                outcome.candidates.sort { $0.score != $1.score ? $0.score > $1.score : $0.passage < $1.passage }
            }
            outcome.rerankedCount = max(outcome.rerankedCount, try stage.apply(to: &outcome.candidates, for: query))
        }
        outcome.rerankSeconds = (ContinuousClock.now - start) / .seconds(1)
        return outcome
    }

    /// What each retriever finds, by scores as they are fused.
    ///
    /// - Throws: as ``run(_:)``.
    public func lists(for query: Query) throws -> [RankedList] { try refinedLists(for: query).lists }

    /// What each retriever finds, before and after the best are refined.
    ///
    /// - Throws: as ``run(_:)``.
    package func listsAndRefined(for query: Query) throws -> (found: [RankedList], refined: [RankedList]) {
        let found = try found(for: query)
        var refined = found
        _ = try refinement?.apply(to: &refined, fusion, for: query)
        return (found, refined)
    }

    private func refinedLists(
        for query: Query
    ) throws -> (lists: [RankedList], refined: Int, seconds: Double) {
        var lists = try found(for: query)
        guard let refinement else { return (lists, 0, 0) }
        let start = ContinuousClock.now
        let refined = try refinement.apply(to: &lists, fusion, for: query)
        return (lists, refined, (ContinuousClock.now - start) / .seconds(1))
    }

    private func found(for query: Query) throws -> [RankedList] {
        var lists: [RankedList] = []
        for retriever in retrievers { lists.append(try Self.timed(retriever, query, depth)) }
        try query.cancellation.throwIfRaised()
        return lists
    }

    private static func timed(_ retriever: any Retriever, _ query: Query, _ depth: Int) throws -> RankedList {
        try query.cancellation.throwIfRaised()
        let start = ContinuousClock.now
        var list = try retriever.retrieve(query, depth: depth)
        // A retriever that knows of no filter does no harm but that its list is short.
        if !query.filter.passesAll { list.passages.removeAll { !query.filter.contains($0.passage) } }
        list.isRefinable = retriever.isRefinable
        list.seconds = (ContinuousClock.now - start) / .seconds(1)
        return list
    }
}
