import Evaluation

/// How far a second list of values is above a first, query by query.
package struct PairedDifference: Sendable, Hashable {
    /// The mean of second minus first, with its bootstrap interval over queries.
    package let difference: Interval
    /// The two-sided p value of the paired randomisation test.
    package let p: Double
    /// Pairs of values.
    package let count: Int
    package let wins: Int
    package let losses: Int

    /// - Precondition: both lists have the same count, in the order of the same queries.
    /// - Complexity: O(queries × rounds).
    package init(
        _ first: [Double], _ second: [Double], rounds: Int = Bootstrap.rounds, seed: UInt64 = Bootstrap.seed
    ) {
        precondition(first.count == second.count, "paired values have the same count")
        let differences = zip(first, second).map { $1 - $0 }
        difference = Bootstrap.mean(differences, rounds: rounds, seed: seed)
        p = Significance.randomisation(first, second, rounds: rounds, seed: seed)
        count = first.count
        wins = differences.count { $0 > 0 }
        losses = differences.count { $0 < 0 }
    }
}
