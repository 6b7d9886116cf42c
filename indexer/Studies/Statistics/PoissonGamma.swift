import RealModule

/// How many distractors outrank a query's best relevant passage: Poisson with a rate of its own for every query, the
/// rates a Gamma distribution over queries. Counts are then negative binomial.
package struct PoissonGamma: Sendable, Hashable {
    package let shape: Double
    /// In distractors: the mean rate a distractor is `shape / scale`.
    package let scale: Double

    package init(shape: Double, scale: Double) {
        self.shape = shape
        self.scale = scale
    }

    /// Queries by their count of distractors above, and those whose count is at least `depth`.
    package struct Counts: Sendable {
        /// Distinct counts, rising, and how many queries have each.
        package var seen: [(count: Int, queries: Double)]
        package var beyond: Double
        package var depth: Int

        package init(_ counts: [Int?], depth: Int) {
            var table: [Int: Double] = [:]
            for case .some(let count) in counts { table[count, default: 0] += 1 }
            seen = table.keys.sorted().map { ($0, table[$0] ?? 0) }
            beyond = Double(counts.count { $0 == nil })
            self.depth = depth
        }
    }

    /// The likeliest parameters for counts among `distractors`; nil where no query has any distractor above, or no query
    /// was found.
    ///
    /// - Parameter start: parameters of much the same counts, from which the search starts; else it starts from several.
    package init?(fitting counts: Counts, distractors: Int, start: PoissonGamma? = nil) {
        let n = Double(distractors)
        guard distractors > 0,
            counts.seen.contains(where: { $0.count > 0 }) || (counts.beyond > 0 && !counts.seen.isEmpty)
        else { return nil }
        let cost = { (parameters: [Double]) in
            -Self.logLikelihood(counts, shape: Double.exp(parameters[0]), scale: Double.exp(parameters[1]), n: n)
        }
        let starts =
            start.map { [[Double.log($0.shape), Double.log($0.scale)]] }
            ?? [0.2, 0.01, 0.0005].map { [Double.log(0.3), Double.log(n * $0 + 1)] }
        var best: (point: [Double], value: Double)?
        for start in starts {
            var found = (point: start, value: cost(start))
            // A simplex may fold up before it is there: another one starts where it ended.
            for _ in 0..<4 {
                let point = NelderMead.minimum(from: found.point, step: 0.7, cost)
                let value = cost(point)
                let gain = found.value - value
                if value < found.value { found = (point, value) }
                if !(gain > 1e-6) { break }
            }
            if best.map({ found.value < $0.value }) ?? true { best = found }
        }
        guard let best else { return nil }
        let (shape, scale) = (Double.exp(best.point[0]), Double.exp(best.point[1]))
        guard shape.isFinite, scale.isFinite, shape > 0, scale > 0 else { return nil }
        self.init(shape: shape, scale: scale)
    }

    /// The constant part is left out: the factorials of the counts.
    private static func logLikelihood(_ counts: Counts, shape: Double, scale: Double, n: Double) -> Double {
        guard shape > 1e-9, shape < 1e9, scale > 1e-9, scale < 1e15 else { return -.infinity }
        let none = shape * Double.log(scale / (scale + n))
        let each = Double.log(n / (scale + n))
        let base = Double.logGamma(shape)
        var sum = 0.0
        for item in counts.seen {
            let count = Double(item.count)
            sum += item.queries * (Double.logGamma(shape + count) - base + none + count * each)
        }
        guard counts.beyond > 0 else { return sum }
        var chance = Double.exp(none)
        var below = 0.0
        let part = n / (scale + n)
        for count in 0..<counts.depth {
            below += chance
            chance *= (shape + Double(count)) / Double(count + 1) * part
        }
        return sum + counts.beyond * Double.log(max(1 - below, 1e-300))
    }

    /// The chances of 0, 1, 2 … more distractors above a query that has `count` above among `distractors`, as they become
    /// `larger`.
    package func further(count: Int, distractors: Int, larger: Int, upTo most: Int) -> [Double] {
        guard most >= 0 else { return [] }
        let (n, big) = (Double(distractors), Double(larger))
        let stay = (scale + n) / (scale + max(big, n))
        let size = shape + Double(count)
        var chance = Double.exp(size * Double.log(stay))
        return (0...most).map { number in
            defer { chance *= (size + Double(number)) / Double(number + 1) * (1 - stay) }
            return chance
        }
    }
}
