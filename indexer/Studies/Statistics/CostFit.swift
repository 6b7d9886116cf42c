import Charts
import RealModule

/// A cost as a function of passages: `a + bN` for bytes, build times and scans, `a + b·ln N` for searches in trees.
package struct CostFit: Sendable, Hashable {
    package enum Law: String, Sendable, Hashable { case linear, logarithmic }

    /// Why nothing is fitted.
    package enum Refusal: Error, Sendable, Hashable {
        case fewerThanFourSizes(Int)
        case underTwoDecades(Double)

        package var reason: String {
            switch self {
            case .fewerThanFourSizes(let count): "not fitted: \(count) size\(count == 1 ? "" : "s") of at least 4"
            case .underTwoDecades(let factor):
                "not fitted: the largest size is \(ChartNumber.trimmed(factor, 1)) times the least, of at least 100"
            }
        }
    }

    package let law: Law
    package let constant: Double
    package let slope: Double
    package let degreesOfFreedom: Int
    /// The variance of a measurement of weight one.
    private let variance: Double
    /// The inverse of the normal matrix.
    private let inverse: (aa: Double, ab: Double, bb: Double)
    private let isRelative: Bool

    package static func == (one: CostFit, other: CostFit) -> Bool {
        one.law == other.law && one.constant == other.constant && one.slope == other.slope
            && one.variance == other.variance
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(law)
        hasher.combine(constant)
        hasher.combine(slope)
    }

    /// Fits by least squares.
    ///
    /// - Parameter isRelative: errors grow with the cost, as those of times do: squares of relative errors are summed, so
    ///   that small sizes count too. Costs must be positive then, or errors count as they are.
    package init(_ law: Law, sizes: [Double], costs: [Double], isRelative: Bool = true) throws(Refusal) {
        precondition(sizes.count == costs.count)
        let distinct = Set(sizes)
        guard distinct.count >= 4 else { throw .fewerThanFourSizes(distinct.count) }
        let factor = (distinct.max() ?? 1) / (distinct.min() ?? 1)
        guard factor >= 100 * (1 - 1e-9) else { throw .underTwoDecades(factor) }
        self.law = law
        let relative = isRelative && costs.allSatisfy { $0 > 0 }
        self.isRelative = relative
        var (s, sx, sxx, sy, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        let xs = sizes.map { Self.base(law, $0) }
        let weights = costs.map { relative ? 1 / ($0 * $0) : 1 }
        for (index, x) in xs.enumerated() {
            let w = weights[index]
            s += w
            sx += w * x
            sxx += w * x * x
            sy += w * costs[index]
            sxy += w * x * costs[index]
        }
        let determinant = s * sxx - sx * sx
        slope = (s * sxy - sx * sy) / determinant
        constant = (sy - slope * sx) / s
        inverse = (sxx / determinant, -sx / determinant, s / determinant)
        degreesOfFreedom = costs.count - 2
        var squares = 0.0
        for (index, x) in xs.enumerated() {
            let error = costs[index] - constant - slope * x
            squares += weights[index] * error * error
        }
        variance = squares / Double(max(degreesOfFreedom, 1))
    }

    /// The expected cost at a size.
    package func value(_ size: Double) -> Double { constant + slope * Self.base(law, size) }

    /// Where one more measurement would lie.
    package func prediction(_ size: Double, confidence: Double = Bootstrap.confidence) -> Interval {
        let (x, value) = (Self.base(law, size), value(size))
        let ofFit = inverse.aa + 2 * x * inverse.ab + x * x * inverse.bb
        let ofOne = isRelative ? value * value : 1
        let spread = (variance * (ofFit + ofOne)).squareRoot() * Student.quantile(confidence, degrees: degreesOfFreedom)
        return Interval(value: value, low: value - spread, high: value + spread)
    }

    private static func base(_ law: Law, _ size: Double) -> Double {
        law == .linear ? size : Double.log(size)
    }
}
