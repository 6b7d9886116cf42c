/// A list after reranking: the texts that were given, each once.
public struct RerankOutcome: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// In the list that was given.
        public var place: Int
        /// What the method gave it: a log-odds, a log-probability, a sum of attention; nil where it only orders or did not reach it.
        public var score: Double?
        /// Whether the method reached it.
        public var isReached: Bool
    }

    /// Best first.
    public var entries: [Entry]
    public var cost: RerankCost

    /// - Parameters:
    ///   - ranked: a place that does not exist, or that comes a second time, is passed over.
    ///   - count: of the texts that were given.
    init(_ ranked: [Ranked], of count: Int, _ cost: RerankCost) {
        var isLeft = [Bool](repeating: true, count: count)
        entries = []
        for item in ranked where isLeft.indices.contains(item.place) && isLeft[item.place] {
            isLeft[item.place] = false
            entries.append(Entry(place: item.place, score: item.score, isReached: true))
        }
        for place in isLeft.indices where isLeft[place] {
            entries.append(Entry(place: place, score: nil, isReached: false))
        }
        self.cost = cost
    }
}

extension RerankMethod {
    /// Orders texts within a budget.
    ///
    /// - Parameter depth: how many of the first are reordered; the others stay below them.
    public func rerank(
        _ query: String, _ candidates: [RerankCandidate], depth: Int = .max, _ work: RerankWork
    ) throws -> RerankOutcome {
        let clock = ContinuousClock()
        let begun = clock.now
        let best = Array(candidates.prefix(max(0, depth)))
        let ranked = best.isEmpty ? [] : try rank(query, best, work)
        work.cost.seconds += (clock.now - begun) / .seconds(1)
        work.cost.queries += 1
        return RerankOutcome(ranked, of: candidates.count, work.cost)
    }
}
