import Memory

/// The randomised Tukey HSD test of all pairs of runs at once (Carterette 2012).
///
/// If the runs did not differ, each query's values could stand under any of them. They are permuted query by query, and
/// the largest difference of two means is kept. The p value of a pair is how often it is at least the pair's own difference,
/// so it is corrected for all pairs. With two runs it is the paired randomisation test.
public struct TukeyHSD: Sendable, Hashable {
    public let means: [Double]
    public let queryCount: Int
    /// The largest difference of each round, rising.
    private let largest: [Double]

    /// The same seed gives the same values. The observed order counts as one of the rounds, so the least p value is
    /// 1 / (rounds + 1).
    ///
    /// - Parameter values: for each run the values of the same queries, in the same order.
    /// - Precondition: all runs have the same count of values.
    /// - Complexity: O(rounds × queries × runs).
    public init(_ values: [[Double]], rounds: Int = 10_000, seed: UInt64 = 1) {
        precondition(values.allSatisfy { $0.count == values[0].count }, "runs have values of the same queries")
        let count = values.first?.count ?? 0
        queryCount = count
        means = values.map { count > 0 ? $0.reduce(0, +) / Double(count) : 0 }
        // Where all runs have the same value, no permutation changes anything.
        var rows = (0..<count).map { query in values.map { $0[query] } }.filter { Set($0).count > 1 }
        var generator = SeededGenerator(seed: seed)
        var differences: [Double] = []
        differences.reserveCapacity(rounds)
        var sums = [Double](repeating: 0, count: values.count)
        for _ in 0..<rounds {
            for run in sums.indices { sums[run] = 0 }
            for row in rows.indices {
                // A permutation of a permutation is as random.
                rows[row].shuffle(using: &generator)
                for run in sums.indices { sums[run] += rows[row][run] }
            }
            differences.append((sums.max() ?? 0) - (sums.min() ?? 0))
        }
        largest = differences.sorted()
    }

    /// All runs over the queries that count in each of them.
    init(_ evaluations: [RunEvaluation], measure: Measure, rounds: Int = 10_000, seed: UInt64 = 1) {
        let counted = evaluations.map { Set($0.averagedQueryIDs) }
        let shared = (evaluations.first?.averagedQueryIDs ?? []).filter { query in
            counted.allSatisfy { $0.contains(query) }
        }
        self.init(evaluations.map { $0.parts(of: measure, queries: shared) }, rounds: rounds, seed: seed)
    }

    /// The two-sided p value of two runs, by their places.
    ///
    /// - Complexity: O(log rounds).
    public func p(_ first: Int, _ second: Int) -> Double {
        let observed = abs(means[first] - means[second]) * Double(queryCount)
        // Sums of the same numbers in another order may differ in the last digits.
        let threshold = observed - 1e-12 * max(1, observed)
        var (low, high) = (0, largest.count)
        while low < high {
            let middle = (low + high) / 2
            if largest[middle] < threshold { low = middle + 1 } else { high = middle }
        }
        return Double(largest.count - low + 1) / Double(largest.count + 1)
    }
}
