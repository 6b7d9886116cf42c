/// One run against another on one measure, question by question.
public struct RunComparison: Sendable, Hashable {
    public let measure: Measure
    /// Questions that count in both runs.
    public let queryCount: Int
    /// Questions on which the second run is better, as good, and worse.
    public let wins: Int
    public let ties: Int
    public let losses: Int
    public let tTest: Significance.TTest
    /// The p value of the randomisation test.
    public let randomisationP: Double

    /// Compares `run` with `baseline` on the questions that count in both.
    public init(
        _ run: RunEvaluation, with baseline: RunEvaluation, measure: Measure, rounds: Int = 10_000,
        seed: UInt64 = 1
    ) {
        self.measure = measure
        let counted = Set(run.averagedQueryIDs)
        let shared = baseline.averagedQueryIDs.filter { counted.contains($0) }
        let first = baseline.parts(of: measure, queries: shared)
        let second = run.parts(of: measure, queries: shared)
        queryCount = shared.count
        wins = zip(first, second).count { $1 > $0 }
        losses = zip(first, second).count { $1 < $0 }
        ties = queryCount - wins - losses
        tTest = Significance.pairedT(first, second)
        randomisationP = Significance.randomisation(first, second, rounds: rounds, seed: seed)
    }

    /// The p value of a test.
    public func p(_ test: ComparisonTable.Test) -> Double { test == .tTest ? tTest.p : randomisationP }
}
