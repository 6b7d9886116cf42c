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
    /// For each run but the first, a comparison for each measure.
    public let comparisons: [[RunComparison]]

    /// - Parameter measures: the rows; the measures of the first run where nil.
    public init(
        _ evaluations: [RunEvaluation], measures: [Measure]? = nil, test: Test = .tTest,
        seed: UInt64 = 1
    ) {
        let rows = measures ?? evaluations.first?.options.measures ?? []
        self.evaluations = evaluations
        self.measures = rows
        self.test = test
        comparisons = evaluations.dropFirst().map { run in
            rows.map { RunComparison(run, with: evaluations[0], measure: $0, seed: seed) }
        }
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
                        return number + (column == 0 ? "" : mark(comparisons[column - 1][row]))
                    })
        }
        rows.append(
            ["queries"]
                + evaluations.enumerated().map { column, evaluation in
                    "\(evaluation.averagedQueryIDs.count)" + (column == 0 ? "" : "  ")
                })
        var text = AlignedTable.text(rows)
        if evaluations.count > 1 {
            text +=
                "* p < 0.05, ** p < 0.01 against \(evaluations[0].tag), \(test.rawValue), two-sided, "
                + "not corrected for several comparisons\n"
        }
        return text
    }

    private func mark(_ comparison: RunComparison) -> String {
        let p = test == .tTest ? comparison.tTest.p : comparison.randomisationP
        return p < 0.01 ? "**" : p < 0.05 ? "* " : "  "
    }
}
