import Foundation
import Memory

/// Each candidate alone, as "yes" or "no": -log σ(s - b) of relevant ones, -log σ(b - s) of others, the mean over candidates. What supervised
/// fine-tuning on two label tokens does.
///
/// The threshold b is the one under which the batch costs least, as a scorer without a bias has no place for it. At that point the slope by b
/// is 0, so that slopes by scores are those with b held.
package struct TwoLabelLoss: RankingLoss {
    package init() {}

    private static let steps = 60

    package func evaluate(
        _ scores: [Double], grades: [Double], queries: Sequences, _ random: inout SeededGenerator
    ) -> (value: Double, gradient: [Double]) {
        let count = Double(max(1, scores.count))
        let positives = Double(grades.count { $0 > 0 })
        // Without both labels the best threshold is infinitely far away, and nothing costs anything.
        guard positives > 0, positives < Double(scores.count), let least = scores.min(), let most = scores.max() else {
            return (0, [Double](repeating: 0, count: scores.count))
        }
        // Σ σ(s - b) falls with b from all to none; where it is the number of relevant ones the slope is 0.
        var (low, high) = (least - log(count) - 1, most + log(count) + 1)
        for _ in 0..<Self.steps {
            let middle = (low + high) / 2
            let sum = scores.reduce(0) { $0 + softplus($1 - middle).slope }
            if sum > positives { low = middle } else { high = middle }
        }
        let threshold = (low + high) / 2
        var (value, gradient) = (0.0, [Double](repeating: 0, count: scores.count))
        for (place, score) in scores.enumerated() {
            let sign: Double = grades[place] > 0 ? -1 : 1
            let (loss, slope) = softplus(sign * (score - threshold))
            value += loss
            gradient[place] = sign * slope / count
        }
        return (value / count, gradient)
    }
}
