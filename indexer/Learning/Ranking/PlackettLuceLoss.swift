import Foundation
import Memory

/// The policy gradient of nDCG@10 over rankings that are drawn by their scores (Neural PG-RANK, Gao et al. 2023).
///
/// A ranking is drawn by sorting scores with Gumbel noise, so that its probability is Plackett and Luce's,
///
///     log π = Σ_{r ≤ 10} [ s_(r) - log Σ_{r' ≥ r} e^{s_(r')} ]
///
/// cut at rank 10, below which nothing changes nDCG@10. The slope is that of -1/S Σ_a (u_a - mean of the others' u) log π_a, with the
/// utilities u as constants; the value is minus the mean utility.
package struct PlackettLuceLoss: QueryRankingLoss {
    package let samples: Int

    package init(samples: Int = 16) { self.samples = max(2, samples) }

    private static let cut = 10

    package func evaluate(
        _ scores: ArraySlice<Double>, _ grades: ArraySlice<Double>, _ random: inout SeededGenerator,
        gradient: inout [Double]
    ) -> Double {
        guard scores.count > 1, grades.contains(where: { $0 > 0 }) else { return 0 }
        let rankings = (0..<samples).map { _ in Self.draw(scores, &random) }
        let ideal = Self.gain(grades.indices.sorted { grades[$0] > grades[$1] }, grades)
        let utilities = rankings.map { Self.gain($0, grades) / ideal }
        let sum = utilities.reduce(0, +)
        for (ranking, utility) in zip(rankings, utilities) {
            let others = (sum - utility) / Double(samples - 1)
            Self.addSlope(of: ranking, scores, times: -(utility - others) / Double(samples), to: &gradient)
        }
        return -sum / Double(samples)
    }

    private static func draw(_ scores: ArraySlice<Double>, _ random: inout SeededGenerator) -> [Int] {
        let noisy = scores.map { score in
            score - log(-log(max(random.unit(), 1e-300)) + 1e-300)
        }
        return scores.indices.sorted {
            (-noisy[$0 - scores.startIndex], $0) < (-noisy[$1 - scores.startIndex], $1)
        }
    }

    private static func gain(_ ranking: [Int], _ grades: ArraySlice<Double>) -> Double {
        ranking.prefix(cut).enumerated().reduce(0) { $0 + grades[$1.element] / log2(Double($1.offset + 2)) }
    }

    /// Adds the slope of log π, times a factor: at each rank 1 for who stands there, less each one's share of those that are left.
    private static func addSlope(
        of ranking: [Int], _ scores: ArraySlice<Double>, times factor: Double, to gradient: inout [Double]
    ) {
        for rank in 0..<min(cut, ranking.count) {
            let left = ranking[rank...]
            let most = left.reduce(-Double.infinity) { max($0, scores[$1]) }
            let total = left.reduce(0) { $0 + exp(scores[$1] - most) }
            gradient[ranking[rank]] += factor
            for place in left { gradient[place] -= factor * exp(scores[place] - most) / total }
        }
    }
}
