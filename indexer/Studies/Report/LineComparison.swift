import Evaluation

/// Two lines on one size, query by query.
struct LineComparison: Sendable {
    let size: Int
    let measure: Measure
    let first: StudyLine
    let second: StudyLine
    /// The mean of second minus first, its p value and its counts.
    let result: PairedDifference
    /// The interval of the difference, the spread between replicates included.
    let difference: Interval
    let isLoaded: Bool

    /// Nil where the cells have no values of the same queries over the same samples.
    init?(_ first: StudyLine, _ second: StudyLine, measure: Measure, size: Int) {
        guard let one = first.point(size), let other = second.point(size) else { return nil }
        var pairs: [(StudyCell, StudyCell)] = []
        for cell in one.cells {
            guard let match = other.cells.first(where: { $0.sampleIdentity == cell.sampleIdentity }) else { continue }
            pairs.append((cell, match))
        }
        let of = { (cell: StudyCell) in cell.quality(measure)?.values }
        guard !pairs.isEmpty, let a = QueryValues.averaged(pairs.map(\.0), of),
            let b = QueryValues.averaged(pairs.map(\.1), of)
        else { return nil }
        let values = QueryValues.paired(a, b)
        guard !values.first.isEmpty else { return nil }
        result = PairedDifference(values.first, values.second)
        let means = pairs.compactMap { pair -> Double? in
            guard let one = pair.0.quality(measure)?.mean, let other = pair.1.quality(measure)?.mean else { return nil }
            return other - one
        }
        difference = result.difference.widened(bySpread: Spread.ofMean(means))
        isLoaded = one.isLoaded || other.isLoaded
        self.size = size
        self.measure = measure
        self.first = first
        self.second = second
    }
}
