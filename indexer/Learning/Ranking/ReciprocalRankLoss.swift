import Foundation
import Memory

/// Pairs, each weighed by what their exchange does to a reciprocal rank, as ADORE has it (Zhan et al. 2021, after LambdaRank):
///
///     1 / pairs · Σ over relevant i and others j of |1 / r_i - 1 / r_j| · log(1 + e^{s_j - s_i})
///
/// with ranks r by the scores as they are. The weights are constants to the gradient.
package struct ReciprocalRankLoss: QueryRankingLoss {
    package init() {}

    package func evaluate(
        _ scores: ArraySlice<Double>, _ grades: ArraySlice<Double>, _ random: inout SeededGenerator,
        gradient: inout [Double]
    ) -> Double {
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        var ranks = [Int: Double](minimumCapacity: order.count)
        for (rank, place) in order.enumerated() { ranks[place] = Double(rank + 1) }
        var (loss, pairs) = (0.0, 0)
        var slopes: [(place: Int, slope: Double)] = []
        for better in scores.indices {
            for worse in scores.indices where grades[better] > grades[worse] {
                pairs += 1
                let weight = abs(1 / (ranks[better] ?? 1) - 1 / (ranks[worse] ?? 1))
                let (value, slope) = softplus(scores[worse] - scores[better])
                loss += weight * value
                slopes += [(worse, weight * slope), (better, -weight * slope)]
            }
        }
        guard pairs > 0 else { return 0 }
        for (place, slope) in slopes { gradient[place] += slope / Double(pairs) }
        return loss / Double(pairs)
    }
}
