import Evaluation

/// Quantiles of Student's distribution.
enum Student {
    /// The t beyond which, to both sides, lies 1 − `confidence`; found by halving.
    static func quantile(_ confidence: Double, degrees: Int) -> Double {
        var (low, high) = (0.0, 1.0)
        while Significance.studentP(t: high, degrees: degrees) > 1 - confidence, high < 1e6 { high *= 2 }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if Significance.studentP(t: middle, degrees: degrees) > 1 - confidence {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }
}
