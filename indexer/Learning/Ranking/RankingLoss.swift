import Foundation
import Memory

/// What the scores of queries' candidates cost, by how relevant these are: one file a loss, and a line in ``RankingLosses``.
///
/// Scores are of any scale; ties of scores are broken by place.
package protocol RankingLoss: Sendable {
    /// - Parameters:
    ///   - scores: of all candidates, query after query.
    ///   - grades: 0 for what is not relevant; of the others larger is better.
    ///   - queries: where each query's candidates stand.
    ///   - random: for losses that draw.
    /// - Returns: the mean over queries, and its slope by each score. A query whose candidates are all alike costs nothing where the
    ///   loss compares them.
    func evaluate(
        _ scores: [Double], grades: [Double], queries: Sequences, _ random: inout SeededGenerator
    ) -> (value: Double, gradient: [Double])
}

/// A loss that looks at one query at a time.
package protocol QueryRankingLoss: RankingLoss {
    /// Of one query: adds the slopes to `gradient`.
    func evaluate(
        _ scores: ArraySlice<Double>, _ grades: ArraySlice<Double>, _ random: inout SeededGenerator,
        gradient: inout [Double]
    ) -> Double
}

extension QueryRankingLoss {
    package func evaluate(
        _ scores: [Double], grades: [Double], queries: Sequences, _ random: inout SeededGenerator
    ) -> (value: Double, gradient: [Double]) {
        var gradient = [Double](repeating: 0, count: scores.count)
        var sum = 0.0
        for query in 0..<queries.count {
            sum += evaluate(scores[queries[query]], grades[queries[query]], &random, gradient: &gradient)
        }
        let share = 1 / Double(max(1, queries.count))
        return (sum * share, gradient.map { $0 * share })
    }
}

/// The losses by name.
package enum RankingLosses {
    package struct Entry: Sendable {
        package var name: String
        /// For a list of losses.
        package var summary: String
        package var loss: any RankingLoss
    }

    package static let usual = "contrastive"

    package static let all: [Entry] = [
        Entry(name: usual, summary: "softmax over a query's candidates (InfoNCE)", loss: ContrastiveLoss()),
        Entry(name: "sft", summary: "each candidate alone, relevant or not (two labels)", loss: TwoLabelLoss()),
        Entry(name: "ranknet", summary: "pairs, those of the first ranks most", loss: RankNetLoss()),
        Entry(
            name: "lambda", summary: "pairs, by what their exchange does to reciprocal ranks (ADORE)",
            loss: ReciprocalRankLoss()),
        Entry(name: "plackett-luce", summary: "nDCG@10 of drawn rankings (Neural PG-RANK)", loss: PlackettLuceLoss()),
    ]

    package static func named(_ name: String) -> (any RankingLoss)? { all.first { $0.name == name }?.loss }
}

/// log(1 + e^x) without overflow, and its slope.
func softplus(_ x: Double) -> (value: Double, slope: Double) {
    let value = max(x, 0) + log1p(exp(-abs(x)))
    return (value, x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)))
}
