import Foundation
import Memory

/// InfoNCE (van den Oord et al. 2018): -Σ p_i log softmax(s)_i, with the relevant candidates' shares p of their grades.
package struct ContrastiveLoss: QueryRankingLoss {
    package init() {}

    package func evaluate(
        _ scores: ArraySlice<Double>, _ grades: ArraySlice<Double>, _ random: inout SeededGenerator,
        gradient: inout [Double]
    ) -> Double {
        let total = grades.reduce(0, +)
        guard total > 0, let most = scores.max() else { return 0 }
        let sum = scores.reduce(0) { $0 + exp($1 - most) }
        var loss = 0.0
        for place in scores.indices {
            let (share, own) = (grades[place] / total, scores[place] - most - log(sum))
            loss -= share * own
            gradient[place] += exp(own) - share
        }
        return loss
    }
}
