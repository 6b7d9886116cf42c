import Charts
import Evaluation
import Memory

/// Two studies side by side: cells of the same samples and options, query by query.
///
/// Keys are not compared: they have the hashes of models and the numbers of formats in them, which are what often differs
/// between two versions.
package struct StudyComparison: Sendable {
    /// A cell that both studies have.
    package struct Pair: Sendable {
        package let name: String
        package let size: Int
        package let first: StudyCell
        package let second: StudyCell
        package let qualities: [Difference]
        /// The second's median latency with one thread over the first's, with an interval over queries; nil where one has
        /// no times.
        package let latencyRatio: Interval?
        /// The second's bytes over the first's.
        package let bytesRatio: Double?
        /// The second's build time on the clock over the first's.
        package let buildRatio: Double?
    }

    /// One measure of a pair.
    package struct Difference: Sendable {
        package let measure: Measure
        package let first: Double
        package let second: Double
        /// The mean of second minus first; nil where the cells share no queries with values.
        package let paired: PairedDifference?
        /// Holm's p value over all measures of all pairs.
        package var adjustedP: Double?
    }

    package let firstName: String
    package let secondName: String
    package let pairs: [Pair]
    /// What only one study has, in words.
    package let onlyInFirst: [String]
    package let onlyInSecond: [String]

    package init(_ first: [StudyCell], _ second: [StudyCell], firstName: String, secondName: String) {
        self.firstName = firstName
        self.secondName = secondName
        let identity = { (cell: StudyCell) -> [String] in
            cell.sampleIdentity + [cell.options.retriever]
                + cell.options.others.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        }
        let seconds = Dictionary(second.map { (identity($0), $0) }, uniquingKeysWith: { first, _ in first })
        let names = Self.names(first + second)
        var matched: Set<[String]> = []
        var pairs: [Pair] = []
        var missing: [String] = []
        for cell in Self.ordered(first) {
            let own = identity(cell)
            guard let other = seconds[own] else {
                missing.append(names(cell))
                continue
            }
            guard matched.insert(own).inserted else { continue }
            pairs.append(Self.pair(names(cell), cell, other))
        }
        let tests = pairs.flatMap { $0.qualities.compactMap { $0.paired?.p } }
        var adjusted = Holm.adjusted(tests)[...]
        self.pairs = pairs.map { pair in
            Pair(
                name: pair.name, size: pair.size, first: pair.first, second: pair.second,
                qualities: pair.qualities.map { quality in
                    var quality = quality
                    if quality.paired != nil { quality.adjustedP = adjusted.popFirst() }
                    return quality
                }, latencyRatio: pair.latencyRatio, bytesRatio: pair.bytesRatio, buildRatio: pair.buildRatio)
        }
        onlyInFirst = missing
        onlyInSecond = Self.ordered(second).filter { !matched.contains(identity($0)) }.map(names)
    }

    private static func ordered(_ cells: [StudyCell]) -> [StudyCell] {
        cells.sorted { first, second in
            let (one, other) = (first.options.retriever, second.options.retriever)
            return (Study.place(one), one, first.sample.size, first.key)
                < (Study.place(other), other, second.sample.size, second.key)
        }
    }

    /// A cell's retriever, options that vary, and size.
    private static func names(_ cells: [StudyCell]) -> @Sendable (StudyCell) -> String {
        let options = Set(cells.flatMap { $0.options.others.keys }).sorted().filter { name in
            Set(cells.map { $0.options.others[name] }).count > 1
        }
        let hasReplicates = Set(cells.map(\.sample.replicate)).count > 1
        let hasPools = Set(cells.map(\.sample.distractors)).count > 1
        return { cell in
            ([Study.shown(cell.options.retriever)]
                + options.compactMap { name in
                    cell.options.others[name].map { "\(name) \($0)" }
                } + [StudyFigure.short(cell.sample.size)] + (hasPools ? [cell.sample.distractors] : [])
                + (hasReplicates ? ["replicate \(cell.sample.replicate)"] : [])).joined(separator: ", ")
        }
    }

    private static func pair(_ name: String, _ first: StudyCell, _ second: StudyCell) -> Pair {
        let measures = MeasureName.ordered(
            Set(first.quality.keys.compactMap { Measure($0) }).intersection(
                second.quality.keys.compactMap { Measure($0) }))
        let qualities = measures.compactMap { measure -> Difference? in
            guard let one = first.quality(measure), let other = second.quality(measure) else { return nil }
            var paired: PairedDifference?
            if !one.values.isEmpty, !other.values.isEmpty {
                let values = QueryValues.paired((first.queries, one.values), (second.queries, other.values))
                if !values.first.isEmpty { paired = PairedDifference(values.first, values.second) }
            }
            return Difference(measure: measure, first: one.mean, second: other.mean, paired: paired, adjustedP: nil)
        }
        let ratio = { (one: Double, other: Double) in one > 0 ? other / one : nil as Double? }
        let bytes = { (cell: StudyCell) in Double(cell.build.bytes.values.reduce(0, +)) }
        let wall = { (cell: StudyCell) in cell.build.stages.reduce(0) { $0 + $1.wall } }
        return Pair(
            name: name, size: first.sample.size, first: first, second: second, qualities: qualities,
            latencyRatio: latencyRatio(first, second), bytesRatio: ratio(bytes(first), bytes(second)),
            buildRatio: ratio(wall(first), wall(second)))
    }

    /// Both medians are resampled on their own, since other queries may have been timed.
    private static func latencyRatio(_ first: StudyCell, _ second: StudyCell) -> Interval? {
        guard let one = first.latency["1"], let other = second.latency["1"], one.p50.value > 0, one.p50.low > 0 else {
            return nil
        }
        let value = other.p50.value / one.p50.value
        // The ends of a ratio of independent figures, by their relative distances.
        let down = relative(other.p50.low, other.p50.value, one.p50.high, one.p50.value)
        let up = relative(other.p50.high, other.p50.value, one.p50.low, one.p50.value)
        return Interval(value: value, low: value * max(0, 1 - down), high: value * (1 + up))
    }

    private static func relative(_ end: Double, _ value: Double, _ otherEnd: Double, _ otherValue: Double) -> Double {
        let (a, b) = (end / max(value, .leastNormalMagnitude) - 1, otherValue / otherEnd - 1)
        return (a * a + b * b).squareRoot()
    }
}
