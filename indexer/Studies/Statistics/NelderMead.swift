/// The least value of a function of a few numbers, without derivatives (Nelder and Mead 1965).
enum NelderMead {
    /// Moves a simplex from a start until its values differ by less than `tolerance`, or for `most` steps.
    static func minimum(
        from start: [Double], step: Double = 0.5, tolerance: Double = 1e-9, most: Int = 400,
        _ function: ([Double]) -> Double
    ) -> [Double] {
        var points = [start]
        for index in start.indices {
            var point = start
            point[index] += step
            points.append(point)
        }
        var simplex = points.map { (point: $0, value: function($0)) }
        let worst = simplex.count - 1
        for _ in 0..<most {
            simplex.sort { $0.value < $1.value }
            if simplex[worst].value - simplex[0].value <= tolerance * (1 + simplex[0].value.magnitude) { break }
            let centre = start.indices.map { index in
                simplex[..<worst].reduce(0) { $0 + $1.point[index] } / Double(worst)
            }
            func moved(_ factor: Double) -> (point: [Double], value: Double) {
                let point = start.indices.map { centre[$0] + factor * (simplex[worst].point[$0] - centre[$0]) }
                return (point, function(point))
            }
            let reflected = moved(-1)
            if reflected.value < simplex[0].value {
                let further = moved(-2)
                simplex[worst] = further.value < reflected.value ? further : reflected
            } else if reflected.value < simplex[worst - 1].value {
                simplex[worst] = reflected
            } else {
                let nearer = moved(reflected.value < simplex[worst].value ? -0.5 : 0.5)
                if nearer.value < min(reflected.value, simplex[worst].value) {
                    simplex[worst] = nearer
                } else {
                    for index in 1...worst {
                        let point = zip(simplex[0].point, simplex[index].point).map { ($0 + $1) / 2 }
                        simplex[index] = (point, function(point))
                    }
                }
            }
        }
        return simplex.min { $0.value < $1.value }?.point ?? start
    }
}
