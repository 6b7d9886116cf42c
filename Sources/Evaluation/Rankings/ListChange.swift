import Corpora

/// What differs between two ranked lists for the same query.
public struct ListChange: Sendable, Hashable {
    public let overlap: RankBiasedOverlap
    /// Kendall's τ over the passages in both; nil with fewer than two of them.
    public let tau: Double?
    /// Passages in both.
    public let common: Int
    /// Places among the first `depth` that do not hold the passage that they held before.
    public let moved: Int
    /// Passages among the first `depth` that were not among them before.
    public let new: Int

    /// - Parameters:
    ///   - before: passages, best first.
    ///   - after: as `before`.
    ///   - depth: how many places ``moved`` and ``new`` look at.
    /// - Complexity: O(n log n).
    public init(from before: [Identifier], to after: [Identifier], persistence: Double = 0.9, depth: Int = 10) {
        overlap = RankBiasedOverlap(before, after, persistence: persistence)
        let ranks = Dictionary(zip(before, before.indices)) { rank, _ in rank }
        let shared = after.compactMap { ranks[$0] }.map(Double.init)
        common = shared.count
        tau = KendallTau(shared.indices.map(Double.init), shared).a
        let (head, earlier) = (after.prefix(depth), before.prefix(depth))
        // A place that only one of the lists has, has changed.
        moved = max(head.count, earlier.count) - zip(head, earlier).count { $0 == $1 }
        new = Set(head).subtracting(earlier).count
    }
}
