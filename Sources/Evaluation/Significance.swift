/// Tests whether two runs differ on the same questions by more than chance.
public enum Significance {
    /// The outcome of a paired t-test.
    public struct TTest: Sendable, Hashable {
        /// The mean of second minus first.
        public let difference: Double
        public let t: Double
        public let degreesOfFreedom: Int
        /// The two-sided p value; 1 where the samples are equal or too few.
        public let p: Double
    }

    /// The paired two-sided t-test of `second` against `first`.
    ///
    /// - Precondition: both have the same count, in the order of the same questions.
    public static func pairedT(_ first: [Double], _ second: [Double]) -> TTest {
        precondition(first.count == second.count, "paired samples have the same count")
        let differences = zip(first, second).map { $1 - $0 }
        let count = Double(differences.count)
        let mean = differences.isEmpty ? 0 : differences.reduce(0, +) / count
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let degrees = max(differences.count - 1, 0)
        guard degrees > 0, mean != 0 else {
            return TTest(difference: mean, t: 0, degreesOfFreedom: degrees, p: 1)
        }
        let t = mean / (squares / Double(degrees) / count).squareRoot()
        return TTest(
            difference: mean, t: t, degreesOfFreedom: degrees, p: studentP(t: t, degrees: degrees))
    }

    /// The probability that Student's t is at least as far from 0 as `t`.
    public static func studentP(t: Double, degrees: Int) -> Double {
        guard t.isFinite else { return t.isNaN ? 1 : 0 }
        let freedom = Double(degrees)
        return IncompleteBeta.regularised(freedom / (freedom + t * t), a: freedom / 2, b: 0.5)
    }

    /// The two-sided p value of a paired randomisation test: how often random signs of the
    /// differences give a mean at least as large as the one observed.
    ///
    /// The same seed gives the same value. The observed assignment counts as one of the rounds, so
    /// the least value is 1 / (rounds + 1).
    ///
    /// - Complexity: O(questions × rounds).
    public static func randomisation(
        _ first: [Double], _ second: [Double], rounds: Int = 10_000, seed: UInt64 = 1
    ) -> Double {
        precondition(first.count == second.count, "paired samples have the same count")
        // Equal pairs add nothing under either sign.
        let differences = zip(first, second).map { $1 - $0 }.filter { $0 != 0 }
        let observed = abs(differences.reduce(0, +))
        // Sums of the same numbers in another order may differ in the last digits.
        let threshold = observed - 1e-12 * max(1, differences.reduce(0) { $0 + abs($1) })
        var generator = SignGenerator(seed: seed)
        var extreme = 0
        for _ in 0..<rounds {
            var sum = 0.0
            for difference in differences { sum += generator.nextIsNegative() ? -difference : difference }
            if abs(sum) >= threshold { extreme += 1 }
        }
        return Double(extreme + 1) / Double(rounds + 1)
    }
}
