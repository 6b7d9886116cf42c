import Evaluation

/// Cells that are alike in all but their samples: a line of the figures.
struct StudyLine: Sendable {
    /// What is alike.
    struct Identity: Hashable, Sendable {
        var options: StudyCell.Options
        var distractors: String
        var corpus: String
    }

    /// The cells of one size; several where there are replicates.
    struct Point: Sendable {
        let size: Int
        let cells: [StudyCell]

        var isLoaded: Bool { cells.contains { $0.machine.isLoaded } }
    }

    let identity: Identity
    /// Its name in figures; no other line of the study has the same.
    var name: String
    /// Its place in the palette.
    var style: Int
    /// By size, rising.
    let points: [Point]

    var retriever: String { identity.options.retriever }
    /// Whether its docids were learnt.
    var isTrained: Bool { identity.options.others["represent"] != nil }

    func point(_ size: Int) -> Point? { points.first { $0.size == size } }
}

extension StudyLine.Point {
    /// A measure's mean with its interval. Replicates are averaged query by query, and the spread between them makes the
    /// interval wider.
    func quality(_ measure: Measure) -> Interval? {
        let each = cells.compactMap { $0.quality(measure) }
        guard let first = each.first, each.count == cells.count else { return nil }
        guard each.count > 1 else { return first.interval }
        let spread = Spread.ofMean(each.map(\.mean))
        let pooled = QueryValues.averaged(cells) { $0.quality(measure)?.values }
        if let pooled { return Bootstrap.mean(pooled.values).widened(bySpread: spread) }
        let mean = Bootstrap.average(each.map(\.mean))
        let half = each.map(\.interval.halfWidth).max() ?? 0
        return Interval(value: mean, low: mean - half, high: mean + half).widened(bySpread: spread)
    }

    func latency(_ threads: String) -> StudyCell.Latency? { cells.compactMap { $0.latency[threads] }.first }
}

extension StudyCell {
    /// The values of a measure under any of its names.
    func quality(_ measure: Measure) -> Quality? {
        quality.first { Measure($0.key) == measure }?.value
    }

    /// What two cells have in common that searched the same passages.
    var sampleIdentity: [String] {
        [
            sample.corpus, "\(sample.size)", "\(sample.judged)", "\(sample.seed)", sample.distractors,
            "\(sample.replicate)",
        ]
    }
}

/// The spread of a few means.
enum Spread {
    /// The standard deviation of their mean; 0 for fewer than two.
    static func ofMean(_ means: [Double]) -> Double {
        guard means.count > 1 else { return 0 }
        let mean = Bootstrap.average(means)
        let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(means.count - 1) / Double(means.count)).squareRoot()
    }
}
