import Foundation
import Memory

/// RankNet (Burges et al. 2005) with the reciprocal weights of FIRST (Reddy et al. 2024):
///
///     Σ over pairs that i is before j in the teacher's order of 1 / (i + j) · log(1 + e^{s_j - s_i})
///
/// with ranks i and j from 1. Candidates of equal grades have no order; their ranks are by place.
package struct RankNetLoss: QueryRankingLoss {
    package init() {}

    package func evaluate(
        _ scores: ArraySlice<Double>, _ grades: ArraySlice<Double>, _ random: inout SeededGenerator,
        gradient: inout [Double]
    ) -> Double {
        let order = grades.indices.sorted { (-grades[$0], $0) < (-grades[$1], $1) }
        var loss = 0.0
        for (rank, better) in order.enumerated() {
            for (other, worse) in order.enumerated().dropFirst(rank + 1) where grades[better] > grades[worse] {
                let weight = 1 / Double(rank + other + 2)
                let (value, slope) = softplus(scores[worse] - scores[better])
                loss += weight * value
                gradient[worse] += weight * slope
                gradient[better] -= weight * slope
            }
        }
        return loss
    }
}
