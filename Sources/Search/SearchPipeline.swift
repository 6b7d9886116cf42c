import Memory

/// What one kind of search is made of, frozen: retrievers, their fusion, rerankers.
public struct SearchPipeline: Sendable {
    public var retrievers: [any Retriever]
    public var fusion: Fusion
    /// Changes the query before retrievers are asked for good; nil leaves it as it was asked.
    public var feedback: FeedbackStage?
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
        stages.reduce(retrievers.reduce(feedback?.needs ?? []) { $0.union($1.needs) }) { $0.union($1.needs) }
    }

    public struct Outcome: Sendable {
        /// One for each retriever, in their order.
        public var lists: [RankedList]
        /// The union of the lists; fused and reranked, not in order any more where something was reranked.
        public var candidates: [Candidate]
        /// What feedback did to the query; none where it stayed as it was asked.
        public var feedback: [FeedbackReport] = []
        /// Besides what the first lists took.
        public var feedbackSeconds = 0.0
        /// Of how many passages scores were refined.
        public var refinedCount = 0
        public var refineSeconds = 0.0
        public var rerankedCount = 0
        public var rerankSeconds = 0.0
    }

    /// Runs the retrievers one after the other, fuses and reranks. Where feedback changes the query, those that read what it changed
    /// run again; rerankers always score for the query as it was asked.
    ///
    /// - Throws: ``Cancelled`` where the query's cancellation is raised; what components throw.
    public func run(_ query: Query) throws -> Outcome {
        var outcome = try fedBack(query)
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

    /// What each retriever finds for the query as it is asked, by scores as they are fused.
    ///
    /// - Throws: as ``run(_:)``.
    public func lists(for query: Query) throws -> [RankedList] { try refined(found(for: query), for: query).lists }

    /// What each retriever finds, before and after the best are refined.
    ///
    /// - Throws: as ``run(_:)``.
    package func listsAndRefined(for query: Query) throws -> (found: [RankedList], refined: [RankedList]) {
        let found = try found(for: query)
        var refined = found
        _ = try refinement?.apply(to: &refined, fusion, for: query)
        return (found, refined)
    }

    /// The fused lists, after feedback.
    private func fedBack(_ query: Query) throws -> Outcome {
        guard let feedback else { return try fused(found(for: query), for: query) }
        // What a person judged needs no first search.
        let first = feedback.judged == nil ? try found(for: query) : nil
        let fusedFirst = try first.map { try fused($0, for: query) }
        let start = ContinuousClock.now
        let (changed, changes, reports) = try feedback.change(query, by: fusedFirst?.candidates ?? [])
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var outcome: Outcome
        if reports.isEmpty, let fusedFirst {
            outcome = fusedFirst
        } else {
            let lists = try retrievers.enumerated().map { place, retriever in
                let known = first?[place]
                let isChanged = !retriever.follows.isDisjoint(with: changes)
                if let known, !isChanged { return known }
                var list = try Self.timed(retriever, isChanged ? changed : query, depth)
                list.seconds += known?.seconds ?? 0
                return list
            }
            try query.cancellation.throwIfRaised()
            // Passages that were read for the first lists are not read again: the query is the same but for its vector.
            var refining = query
            refining.vector = changed.vector
            outcome = try fused(lists, for: refining)
            outcome.refinedCount += fusedFirst?.refinedCount ?? 0
            outcome.refineSeconds += fusedFirst?.refineSeconds ?? 0
        }
        (outcome.feedback, outcome.feedbackSeconds) = (reports, seconds)
        return outcome
    }

    private func fused(_ found: [RankedList], for query: Query) throws -> Outcome {
        let (lists, count, seconds) = try refined(found, for: query)
        return Outcome(lists: lists, candidates: fusion.fuse(lists), refinedCount: count, refineSeconds: seconds)
    }

    private func refined(
        _ found: [RankedList], for query: Query
    ) throws -> (lists: [RankedList], count: Int, seconds: Double) {
        guard let refinement else { return (found, 0, 0) }
        var lists = found
        let start = ContinuousClock.now
        let count = try refinement.apply(to: &lists, fusion, for: query)
        return (lists, count, (ContinuousClock.now - start) / .seconds(1))
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
