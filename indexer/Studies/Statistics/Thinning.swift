import Evaluation

/// What smaller random samples would give, from ranks in a large one.
///
/// A sample has `judged` passages that every sample has, and distractors. Of the passages above a query's best relevant
/// one, those that are distractors are thinned as the sample shrinks: how many stay is hypergeometric. Nothing is
/// simulated, and nothing needs to be run. That is exact for retrievers whose scores do not depend on the corpus (dense),
/// and close for those with statistics of it (BM25, n-grams).
package struct Thinning: Sendable {
    /// For each query the rank of its best relevant passage, from 1; nil where it is beyond `depth`.
    package let ranks: [Int?]
    /// For each query the judged passages above that rank, which every sample keeps; zeros where they are not known.
    package let judgedAbove: [Int]
    /// The ranks that were looked at.
    package let depth: Int
    /// Passages of the sample, and those of them that smaller samples keep.
    package let size: Int
    package let judged: Int

    /// - Parameter judgedAbove: nil where it is not known: then samples keep only the query's own passage, and all others
    ///   are distractors.
    package init(ranks: [Int?], judgedAbove: [Int]?, depth: Int, size: Int, judged: Int) {
        precondition(judgedAbove == nil || judgedAbove?.count == ranks.count)
        self.ranks = ranks
        self.judgedAbove = judgedAbove ?? [Int](repeating: 0, count: ranks.count)
        self.depth = depth
        self.size = size
        self.judged = judgedAbove == nil ? min(1, size) : judged
    }

    /// The expected worth of each query in a sample of `smaller` passages.
    ///
    /// A query whose passage is beyond the depth has bounds: from what it is worth if it is never found to what it is
    /// worth if it was the very next. All others have both bounds equal.
    ///
    /// - Complexity: O(queries × the larger of cutoff and depth).
    package func expected(_ gain: RankGain, at smaller: Int) -> [ClosedRange<Double>] {
        let distractors = max(size - judged, 0)
        let kept = min(max(smaller - judged, 0), distractors)
        // Many queries share a rank.
        var known: [[Int]: Double] = [:]
        let worth = { (rank: Int, judgedAbove: Int) -> Double in
            let above = min(max(rank - 1 - judgedAbove, 0), distractors)
            if let value = known[[judgedAbove, above]] { return value }
            let value = Self.expected(gain, staying: judgedAbove, above: above, of: distractors, kept: kept)
            known[[judgedAbove, above]] = value
            return value
        }
        return ranks.indices.map { query in
            guard let rank = ranks[query] else {
                return 0...worth(depth + 1, min(judgedAbove[query], depth))
            }
            let value = worth(rank, judgedAbove[query])
            return value...value
        }
    }

    /// The mean over queries, with bounds.
    package func mean(_ gain: RankGain, at smaller: Int) -> ClosedRange<Double> {
        let values = expected(gain, at: smaller)
        return Bootstrap.average(values.map(\.lowerBound))...Bootstrap.average(values.map(\.upperBound))
    }

    private static func expected(
        _ gain: RankGain, staying: Int, above: Int, of distractors: Int, kept: Int
    ) -> Double {
        let law = Hypergeometric(total: distractors, marked: above, drawn: kept)
        let most = gain.cutoff.map { $0 - 1 - staying } ?? above
        guard most >= 0 else { return 0 }
        let first = law.support.lowerBound
        return law.probabilities(upTo: most).enumerated().reduce(0) { sum, item in
            sum + item.element * gain.value(1 + staying + first + item.offset)
        }
    }
}
