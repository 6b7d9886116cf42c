import Memory

/// Reranks a search's best candidates by the weighted sum of what rerankers say:
///
///     r(d)      = sum of weight · score(d) over the rerankers
///     score'(d) = score(d) + r(d) - max r
///
/// A candidate that was not scored counts as the worst of those that were, so that it stays below them. Where rerankers decide alone,
/// the scores that candidates came with count for nothing: of those that were scored, each is taken for the best one's.
public struct RerankStage: Sendable {
    /// Those of weight 0 are not run.
    public var rerankers: [(reranker: any Reranker, weight: Float)]
    /// How many of the best candidates are scored.
    public var depth: Int
    /// Whether the order is theirs alone.
    public var decidesAlone: Bool

    /// Candidates that are scored together: enough for every product of a network to have many rows, and few
    /// enough for their states to stay in memory and for a cancellation to be heard in between.
    static let batch = 16

    public init(_ rerankers: [(reranker: any Reranker, weight: Float)], depth: Int, decidesAlone: Bool = false) {
        self.rerankers = rerankers.filter { $0.weight != 0 }
        self.depth = depth
        self.decidesAlone = decidesAlone
    }

    public var needs: QueryNeeds { rerankers.reduce([]) { $0.union($1.reranker.needs) } }

    /// Changes the scores of candidates, which come best first; their order stays.
    ///
    /// - Returns: how many were scored.
    public func apply(to candidates: inout [Candidate], for query: Query) throws -> Int {
        let best = candidates.prefix(depth).map(\.passage)
        let scores = try Self.scores(rerankers.map(\.reranker), of: best, for: query)
        let values = sums(scores, count: best.count)
        let (least, most) = (values.min() ?? 0, values.max() ?? 0)
        let top = candidates.first?.score ?? 0
        for place in candidates.indices {
            let isScored = place < best.count
            var own = candidates[place].rerank ?? .init(scores: nil, contribution: 0)
            var contribution = (isScored ? values[place] : least) - most
            if decidesAlone, isScored { contribution += top - candidates[place].score }
            // Below the worst also where it came as good as the best.
            if decidesAlone, !isScored { contribution -= 1 }
            own.contribution += contribution
            if isScored {
                own.scores = (own.scores ?? [:]).merging(
                    zip(rerankers, scores).map { ($0.reranker.id, $1[place]) }
                ) { $1 }
            }
            candidates[place].rerank = own
            candidates[place].score += contribution
        }
        return best.count
    }

    /// r(d) of candidates, in their order.
    ///
    /// - Throws: as ``scores(_:of:for:)``.
    func values(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        sums(try Self.scores(rerankers.map(\.reranker), of: candidates, for: query), count: candidates.count)
    }

    private func sums(_ scores: [[Float]], count: Int) -> [Float] {
        (0..<count).map { place in zip(rerankers, scores).reduce(Float(0)) { $0 + $1.0.weight * $1.1[place] } }
    }

    /// What rerankers say of candidates, a list for each reranker.
    ///
    /// - Throws: ``Cancelled`` between batches, and what a reranker throws.
    public static func scores(
        _ rerankers: [any Reranker], of candidates: [PassageIndex], for query: Query
    ) throws -> [[Float]] {
        var scores = [[Float]](repeating: [], count: rerankers.count)
        let step = rerankers.contains(where: \.comparesCandidates) ? max(1, candidates.count) : batch
        for first in stride(from: 0, to: candidates.count, by: step) {
            try query.cancellation.throwIfRaised()
            let part = Array(candidates[first..<min(candidates.count, first + step)])
            for place in rerankers.indices {
                let own = try rerankers[place].scores(of: part, for: query)
                precondition(own.count == part.count, "a reranker scores every candidate")
                scores[place] += own
            }
        }
        return scores
    }
}
