/// Which pairs of runs differ on a measure by more than chance, corrected for all the pairs that are looked at.
public struct PairTests: Sendable {
    public let comparisons: [RunComparison]
    /// The corrected p value of each pair.
    public let p: [Double]

    /// - Parameters:
    ///   - pairs: places in `evaluations`; the second of a pair is compared with the first.
    ///   - test: what gives the p value of a pair; with ``Correction/tukey`` all runs are permuted together.
    /// - Complexity: O(pairs × queries × rounds).
    public init(
        _ evaluations: [RunEvaluation], pairs: [(first: Int, second: Int)], measure: Measure,
        test: ComparisonTable.Test, correction: Correction, seed: UInt64 = 1
    ) {
        comparisons = pairs.map {
            RunComparison(evaluations[$0.second], with: evaluations[$0.first], measure: measure, seed: seed)
        }
        if correction == .tukey {
            let tukey = TukeyHSD(evaluations, measure: measure, seed: seed)
            p = pairs.map { tukey.p($0.first, $0.second) }
        } else {
            p = correction.adjusted(comparisons.map { $0.p(test) })
        }
    }
}
