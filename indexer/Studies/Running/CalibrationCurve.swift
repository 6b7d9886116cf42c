import RealModule

/// A quantity at two sizes, continued by a law.
struct CalibrationCurve {
    enum Law {
        /// `a + bN`: stages that read every passage, and scans.
        case linear
        /// `a + b ln N`: searches in trees.
        case logarithmic
        /// `aN^b`, `b` from 0 to 1: searches that pass over what cannot win, and pass over more of a longer list.
        case power
    }

    private let law: Law
    private let constant: Double
    private let slope: Double

    /// Through both values, as long as neither part is negative.
    init(_ first: (size: Int, value: Double), _ second: (size: Int, value: Double), _ law: Law = .linear) {
        self.law = law
        let (x, y) = (Self.place(first.size, law), Self.place(second.size, law))
        guard law != .power else {
            let known = first.value > 0 && second.value > 0 && y > x
            slope = known ? max(0, min(1, (Double.log(second.value) - Double.log(first.value)) / (y - x))) : 0
            constant = second.value / Double.exp(slope * y)
            return
        }
        let rise = y > x ? max(0, (second.value - first.value) / (y - x)) : second.value / max(y, 1)
        slope = min(rise, second.value / max(y, 1e-9))
        constant = max(0, second.value - slope * y)
    }

    func at(_ size: Int) -> Double {
        let place = Self.place(size, law)
        return law == .power ? constant * Double.exp(slope * place) : constant + slope * place
    }

    private static func place(_ size: Int, _ law: Law) -> Double {
        law == .linear ? Double(size) : Double.log(Double(max(size, 1)))
    }
}
