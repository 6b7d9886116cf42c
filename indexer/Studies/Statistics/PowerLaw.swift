import Charts
import RealModule

/// A loss by what was spent on it: `(A/x)^α + δ` (Kaplan et al. 2020; for generative retrieval Cai et al. 2025).
///
/// Nothing is fitted to fewer than five points or less than one and a half decades: three numbers fit anything there.
package struct PowerLaw: Sendable, Hashable {
    /// Why nothing is fitted.
    package enum Refusal: Error, Sendable, Hashable {
        case fewerThanFivePoints(Int)
        case underOneAndAHalfDecades(Double)

        package var reason: String {
            switch self {
            case .fewerThanFivePoints(let count): "not fitted: \(count) point\(count == 1 ? "" : "s") of at least 5"
            case .underOneAndAHalfDecades(let factor):
                "not fitted: the largest is \(ChartNumber.trimmed(factor, 1)) times the least, of at least 31.6"
            }
        }
    }

    /// A, in units of x; α; and δ, the loss that nothing takes away. None is negative.
    package let scale: Double
    package let exponent: Double
    package let floor: Double
    /// The last point's loss less what the law that was fitted to all others expects there.
    package let heldOutError: Double

    /// The loss at x.
    package func at(_ x: Double) -> Double { Double.pow(scale / x, exponent) + floor }

    /// Fits by least squares to all points but the last, which says how far the law carries.
    ///
    /// - Parameter points: x above 0.
    package init(_ points: [(x: Double, loss: Double)]) throws(Refusal) {
        let sorted = points.sorted { $0.x < $1.x }
        guard Set(sorted.map(\.x)).count >= 5 else { throw .fewerThanFivePoints(Set(sorted.map(\.x)).count) }
        let (first, last) = (sorted[0], sorted[sorted.count - 1])
        let factor = last.x / first.x
        guard factor >= Double.pow(10, 1.5) * (1 - 1e-9) else { throw .underOneAndAHalfDecades(factor) }
        let fitted = sorted.dropLast()
        func errors(_ numbers: [Double]) -> Double {
            let (scale, exponent, floor) = (Double.exp(numbers[0]), Double.exp(numbers[1]), Double.exp(numbers[2]))
            return fitted.reduce(0) { sum, point in
                let error = Double.pow(scale / point.x, exponent) + floor - point.loss
                return sum + error * error
            }
        }
        // The surface has valleys: several starts, in a fixed order, and the best of where they lead.
        let least = max(1e-6, fitted.map(\.loss).min() ?? 1)
        var best: (numbers: [Double], value: Double)?
        for exponent in [0.1, 0.3, 1] {
            for part in [0.02, 0.5, 0.95] {
                let rest = max(1e-6, first.loss - part * least)
                let start = [
                    Double.log(first.x) + Double.log(rest) / exponent, Double.log(exponent), Double.log(part * least),
                ]
                let numbers = NelderMead.minimum(from: start, tolerance: 1e-13, most: 2000, errors)
                let value = errors(numbers)
                if value.isFinite, value < best?.value ?? .infinity { best = (numbers, value) }
            }
        }
        let numbers = best?.numbers ?? [0, 0, 0]
        (scale, exponent, floor) = (Double.exp(numbers[0]), Double.exp(numbers[1]), Double.exp(numbers[2]))
        heldOutError = last.loss - (Double.pow(scale / last.x, exponent) + floor)
    }
}
