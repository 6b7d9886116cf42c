import RealModule

/// The regularised incomplete beta function, from which Student's distribution follows.
enum IncompleteBeta {
    /// I_x(a, b) for 0 ≤ x ≤ 1 and positive a and b, to about 14 digits.
    static func regularised(_ x: Double, a: Double, b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        // The continued fraction converges fast on this side of the mean only.
        guard x <= (a + 1) / (a + b + 2) else { return 1 - regularised(1 - x, a: b, b: a) }
        let logFront =
            Double.logGamma(a + b) - Double.logGamma(a) - Double.logGamma(b)
            + a * Double.log(x) + b * Double.log(onePlus: -x)
        return Double.exp(logFront) * fraction(x, a: a, b: b) / a
    }

    /// The continued fraction of the function, evaluated by Lentz's method.
    private static func fraction(_ x: Double, a: Double, b: Double) -> Double {
        let tiny = 1e-300
        let awayFromZero = { (value: Double) in abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...500 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / awayFromZero(1 + even * d)
            c = awayFromZero(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / awayFromZero(1 + odd * d)
            c = awayFromZero(1 + odd / c)
            let factor = d * c
            result *= factor
            if abs(factor - 1) < 1e-15 { break }
        }
        return result
    }
}
