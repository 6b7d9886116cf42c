/// What keeps differences from being found by chance where several are looked for.
///
/// With a correction, the probability that as much as one of the pairs without a difference is called significant is at
/// most the level (the family-wise error rate).
public enum Correction: String, Sendable, CaseIterable {
    /// Each p value is that of its own pair.
    case none
    /// Bonferroni's method, stepping down from the least p value: never weaker than Bonferroni's own (Holm 1979).
    case holm
    /// Each p value by the number of pairs.
    case bonferroni
    /// All runs are permuted together (``TukeyHSD``), in the place of tests pair by pair.
    case tukey

    /// The p values of a family of pairs, corrected for all of them, in the same order.
    ///
    /// Those of ``TukeyHSD`` are corrected from the start: `tukey` leaves them as they are.
    ///
    /// - Complexity: O(n log n).
    public func adjusted(_ p: [Double]) -> [Double] {
        switch self {
        case .none, .tukey: return p
        case .bonferroni: return p.map { min(1, $0 * Double(p.count)) }
        case .holm:
            var adjusted = p
            var greatest = 0.0
            let rising = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
            for (step, place) in rising.enumerated() {
                // A pair is never more significant than one with a lesser p value.
                greatest = max(greatest, min(1, p[place] * Double(p.count - step)))
                adjusted[place] = greatest
            }
            return adjusted
        }
    }

    /// What a report says of the p values of some comparisons.
    package func sentence(comparisons: Int) -> String {
        let family = "\(comparisons) comparison\(comparisons == 1 ? "" : "s")"
        return switch self {
        case .none: "not corrected for several comparisons"
        case .holm: "corrected for \(family) by Holm's method, each measure by itself"
        case .bonferroni: "corrected for \(family) by Bonferroni's method, each measure by itself"
        case .tukey: "corrected for all pairs of runs by Tukey's HSD, each measure by itself"
        }
    }
}
