import Corpora

/// What a run changed against another, query by query; no judgements are needed.
public struct RunChange: Sendable {
    /// The tags of the two runs.
    public let baseline: String
    public let tag: String
    /// The queries of both runs, by the bytes of their ids; without those for which neither run has a passage.
    public let queryIDs: [Identifier]
    public let changes: [Identifier: ListChange]
    /// How many of the first places are looked at.
    public let depth: Int
    /// Queries of one run only, which count nowhere.
    public let onlyInBaseline: [Identifier]
    public let onlyInRun: [Identifier]

    /// Both runs are read in trec_eval's order (``TRECRun/precedes(_:_:)``).
    ///
    /// - Parameters:
    ///   - persistence: p of the rank-biased overlap, between 0 and 1.
    ///   - depth: the first places of which it is said how many changed.
    /// - Complexity: O(n log n) in the passages of both runs.
    public init(_ run: TRECRun, against baseline: TRECRun, persistence: Double = 0.9, depth: Int = 10) {
        self.baseline = baseline.tag
        tag = run.tag
        self.depth = depth
        queryIDs = run.queryIDs.filter { query in
            guard let list = run.results[query], let earlier = baseline.results[query] else { return false }
            return !(list.isEmpty && earlier.isEmpty)
        }.sorted()
        onlyInBaseline = baseline.queryIDs.filter { run.results[$0] == nil }
        onlyInRun = run.queryIDs.filter { baseline.results[$0] == nil }
        var changes: [Identifier: ListChange] = [:]
        for query in queryIDs {
            changes[query] = ListChange(
                from: baseline.ranking(of: query), to: run.ranking(of: query), persistence: persistence, depth: depth)
        }
        self.changes = changes
    }

    /// What is said of all queries in the mean; a τ that is not defined counts in no mean.
    package var figures: [Figure] { figures(queryIDs) }

    /// What is said of a query.
    package func figures(of query: Identifier) -> [Figure] { figures([query]) }

    private func figures(_ queries: [Identifier]) -> [Figure] {
        let chosen = queries.compactMap { changes[$0] }
        return [
            Figure("rbo", meanOf: chosen.map(\.overlap.extrapolated)), Figure("tau", meanOf: chosen.compactMap(\.tau)),
            Figure("common", meanOf: chosen.map { Double($0.common) }),
            Figure("moved@\(depth)", meanOf: chosen.map { Double($0.moved) }),
            Figure("new@\(depth)", meanOf: chosen.map { Double($0.new) }),
        ]
    }
}
