import Foundation

/// Estimates the weights of signals from judged queries: of retrievers in a fusion, of rerankers on top of
/// it.
///
/// Weights are searched on a grid, so that the result is reproducible. The objective is nDCG@10 with one
/// judged passage, 1 / log2(1 + rank), ties counted against it; its mean is taken first over the queries of a
/// family, then over the families. The estimate is the mean of all weights whose objective is within half a
/// standard error of the best: queries that say little about the weights give balanced ones, and signals that
/// can stand for each other share.
package struct WeightEstimator: Sendable {
    /// The weights that are tried.
    package enum Grid: Sendable, Equatable {
        /// All ways to split 1 into multiples of 1 / steps.
        case simplex(steps: Int)
        /// All combinations of values, a list for each signal; the first of each list means "not used".
        case product([[Float]])
    }

    /// What was estimated.
    package struct Estimate: Sendable, Equatable {
        package var weights: [Float]
        /// Of each weight: the spread of the weights whose objective is within half a standard error of the
        /// best.
        package var standardErrors: [Float]
        /// The best mean objective of any weights, its standard error, and that of the first weights tried, the
        /// ones without any signal where there are such.
        package var objective: Double
        package var objectiveError: Double
        package var untouched: Double
    }

    /// One judged query.
    private struct Observation {
        var family: String
        /// What the signals are added to; nil where they are all there is.
        var base: [Float]?
        /// [candidates × signals]
        var signals: [Float]
        /// The judged passage's row; -1 where it is not among the candidates.
        var relevant: Int
    }

    package let signals: [ComponentID]
    package let grid: Grid
    private var observations: [Observation] = []

    package init(signals: [ComponentID], grid: Grid = .simplex(steps: 10)) {
        self.signals = signals
        self.grid = grid
    }

    /// The number of queries.
    package var count: Int { observations.count }

    /// Adds a query's lists, which are in the order of the signals.
    package mutating func add(_ lists: [RankedList], relevant: PassageIndex, family: String = "") {
        precondition(lists.map(\.retriever) == signals)
        let table = CandidateTable(lists)
        let rows = table.passages.indices.flatMap { row in signals.indices.map { table.cell(row, $0).normalized } }
        observations.append(
            Observation(
                family: family, base: nil, signals: rows,
                relevant: table.passages.firstIndex(of: relevant) ?? -1))
    }

    /// Adds a query whose candidates have scores already, to which the signals are added as ``RerankStage``
    /// does.
    ///
    /// - Parameters:
    ///   - signals: a list for each signal with a value for each candidate.
    ///   - relevant: the place of the judged passage among the candidates; nil where it is not there.
    package mutating func add(base: [Float], signals: [[Float]], relevant: Int?, family: String = "") {
        precondition(signals.count == self.signals.count && signals.allSatisfy { $0.count == base.count })
        let rows = base.indices.flatMap { row in signals.map { $0[row] } }
        observations.append(Observation(family: family, base: base, signals: rows, relevant: relevant ?? -1))
    }

    /// The estimated weights.
    ///
    /// On a product grid they are 0 where none is better than the first: what takes time must be better than
    /// nothing, not only as good.
    ///
    /// - Complexity: O(grid × candidates of all queries).
    package func estimate() -> Estimate {
        let tried = weights
        let nothing = signals.map { _ in emptyWeight }
        guard !observations.isEmpty, !tried.isEmpty else {
            return Estimate(
                weights: nothing, standardErrors: nothing.map { _ in 0 }, objective: 0, objectiveError: 0, untouched: 0)
        }
        let families = Dictionary(grouping: observations, by: \.family).sorted { $0.key < $1.key }.map(\.value)
        let scored = tried.map { measured($0, families) }
        let best = scored.reduce(scored[0]) { $1.mean > $0.mean ? $1 : $0 }
        var result = Estimate(
            weights: nothing, standardErrors: nothing.map { _ in 0 }, objective: best.mean, objectiveError: best.error,
            untouched: scored[0].mean)
        if case .product = grid, best.mean <= scored[0].mean { return result }
        let close = scored.filter { $0.mean >= best.mean - 0.5 * best.error - 1e-9 }.map(\.weights)
        let count = Float(close.count)
        for place in signals.indices {
            result.weights[place] = mean(close, place, count)
            let center = result.weights[place]
            let variance = close.reduce(Float(0)) { $0 + ($1[place] - center) * ($1[place] - center) } / count
            result.standardErrors[place] = variance.squareRoot()
        }
        return result
    }

    /// What a signal weighs where nothing was seen.
    private var emptyWeight: Float {
        if case .simplex = grid { 1 } else { 0 }
    }

    private func mean(_ weights: [[Float]], _ place: Int, _ count: Float) -> Float {
        if case .simplex = grid { return weights.reduce(0) { $0 + $1[place] / count } }
        return weights.reduce(0) { $0 + $1[place] } / count
    }

    private func measured(
        _ weights: [Float], _ families: [[Observation]]
    ) -> (weights: [Float], mean: Double, error: Double) {
        let (mean, error) = Self.mean(families.map { family in family.map { gain($0, weights) } })
        return (weights, mean, error)
    }

    /// The mean objective of some weights.
    package func objective(_ weights: [Float]) -> Double {
        let families = Dictionary(grouping: observations, by: \.family).sorted { $0.key < $1.key }.map(\.value)
        return measured(weights, families).mean
    }

    /// By how much the mean objective of some weights is above that of others on another estimator's lists of the same queries, and the
    /// standard error of that difference.
    ///
    /// - Precondition: both were given the same queries in the same order.
    package func gain(
        _ weights: [Float], over other: WeightEstimator, _ otherWeights: [Float]
    ) -> (mean: Double, error: Double) {
        precondition(observations.map(\.family) == other.observations.map(\.family))
        let differences = zip(observations, other.observations).map {
            ($0.family, gain($0, weights) - other.gain($1, otherWeights))
        }
        return Self.mean(
            Dictionary(grouping: differences, by: \.0).sorted { $0.key < $1.key }.map { $0.value.map(\.1) })
    }

    /// The mean of the families' means, and its standard error.
    private static func mean(_ families: [[Double]]) -> (mean: Double, error: Double) {
        guard !families.isEmpty else { return (0, 0) }
        var (mean, variance) = (0.0, 0.0)
        for gains in families {
            let n = Double(gains.count)
            let own = gains.reduce(0, +) / n
            mean += own
            variance += gains.reduce(0) { $0 + ($1 - own) * ($1 - own) } / (n * n)
        }
        let count = Double(families.count)
        return (mean / count, sqrt(variance) / count)
    }

    /// 1 / log2(1 + rank) of the judged passage, ties counted against it; 0 past rank 10.
    private func gain(_ observation: Observation, _ weights: [Float]) -> Double {
        guard observation.relevant >= 0 else { return 0 }
        let width = signals.count
        return observation.signals.withUnsafeBufferPointer { signals in
            func value(_ row: Int) -> Float {
                var sum: Float = 0
                for column in 0..<width { sum += weights[column] * signals[row * width + column] }
                return sum
            }
            let rows = signals.count / max(1, width)
            let most = observation.base == nil ? 0 : (0..<rows).reduce(-Float.infinity) { max($0, value($1)) }
            func score(_ row: Int) -> Float {
                guard let base = observation.base else { return value(row) }
                return base[row] + (value(row) - most)
            }
            let own = score(observation.relevant)
            var rank = 1
            for row in 0..<rows where row != observation.relevant && score(row) >= own {
                rank += 1
                if rank > 10 { return 0 }
            }
            return 1 / log2(1 + Double(rank))
        }
    }

    private var weights: [[Float]] {
        guard !signals.isEmpty else { return [] }
        switch grid {
        case .simplex(let steps): return Self.simplex(dimensions: signals.count, steps: steps)
        case .product(let values):
            precondition(values.count == signals.count)
            return values.reduce([[]]) { all, values in all.flatMap { head in values.map { head + [$0] } } }
        }
    }

    /// All ways to split `steps` equal parts among the dimensions, as fractions.
    private static func simplex(dimensions: Int, steps: Int) -> [[Float]] {
        func split(_ rest: Int, _ dimensions: Int) -> [[Int]] {
            if dimensions == 1 { return [[rest]] }
            return (0...rest).flatMap { part in split(rest - part, dimensions - 1).map { [part] + $0 } }
        }
        return split(steps, dimensions).map { $0.map { Float($0) / Float(steps) } }
    }
}
