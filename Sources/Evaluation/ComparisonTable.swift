/// Several runs side by side, each compared with the first.
public struct ComparisonTable: Sendable {
    /// Which test puts the marks.
    public enum Test: String, Sendable, CaseIterable {
        case tTest = "paired t-test"
        case randomisation = "paired randomisation test"
    }

    public let evaluations: [RunEvaluation]
    public let measures: [Measure]
    public let test: Test
    public let correction: Correction
    /// For each run but the first, a comparison for each measure.
    public let comparisons: [[RunComparison]]
    /// The p values of these, corrected for the comparisons of one measure.
    public let p: [[Double]]

    /// - Parameters:
    ///   - measures: the rows; the measures of the first run where nil.
    ///   - correction: for the runs that are compared with the first on one measure, not for several measures.
    public init(
        _ evaluations: [RunEvaluation], measures: [Measure]? = nil, test: Test = .tTest,
        correction: Correction = .none, seed: UInt64 = 1
    ) {
        let rows = measures ?? evaluations.first?.options.measures ?? []
        self.evaluations = evaluations
        self.measures = rows
        self.test = test
        self.correction = correction
        let others = evaluations.indices.dropFirst()
        let pairs = others.map { (first: 0, second: $0) }
        let tests = rows.map {
            PairTests(evaluations, pairs: pairs, measure: $0, test: test, correction: correction, seed: seed)
        }
        comparisons = others.map { run in tests.map { $0.comparisons[run - 1] } }
        p = others.map { run in tests.map { $0.p[run - 1] } }
    }

    /// The table as aligned text: a row a measure, a column a run, `*` where p < 0.05 and `**` where
    /// p < 0.01 against the first column.
    public var text: String {
        var rows: [[String]] = [[""] + evaluations.map(\.tag)]
        for (row, measure) in measures.enumerated() {
            rows.append(
                ["\(measure)"]
                    + evaluations.enumerated().map { column, evaluation in
                        let number = FixedNumber.text(evaluation.mean(of: measure))
                        return number + (column == 0 ? "" : Self.mark(p[column - 1][row]))
                    })
        }
        rows.append(
            ["queries"]
                + evaluations.enumerated().map { column, evaluation in
                    "\(evaluation.averagedQueryIDs.count)" + (column == 0 ? "" : "  ")
                })
        var text = AlignedTable.text(rows)
        if evaluations.count > 1 {
            let name = correction == .tukey ? Test.randomisation : test
            text +=
                "* p < 0.05, ** p < 0.01 against \(evaluations[0].tag), \(name.rawValue), two-sided, "
                + correction.sentence(comparisons: evaluations.count - 1) + "\n"
        }
        return text
    }

    private static func mark(_ p: Double) -> String { p < 0.01 ? "**" : p < 0.05 ? "* " : "  " }
}
