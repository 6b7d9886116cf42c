import Evaluation

/// A paper's findings beside a study's contrasts.
enum FindingsTable {
    /// The findings of papers that reports look for. To add a paper is a file and a line.
    static let all: [Finding] = ScalingPaper.findings

    /// The paper's measure where the study has it.
    static func measure(_ study: Study) -> Measure? {
        study.measures.contains(.recipRankCut(10)) ? .recipRankCut(10) : study.headline
    }

    /// Nil where a study has measured none of them.
    static func make(_ study: Study) -> (sentence: String, table: FigureTable)? {
        guard study.cells.contains(where: { $0.options.others["represent"] != nil }), let measure = measure(study)
        else {
            return nil
        }
        let outcomes = all.map { ($0, $0.outcome(study, measure)) }
        guard outcomes.contains(where: { $0.1.verdict != .unmeasured }) else { return nil }
        var table = FigureTable([
            .init("finding", .text), .init("the_paper", .text), .init("points", .fixed(1)), .init("low", .fixed(1)),
            .init("high", .fixed(1)), .init("queries", .count), .init("averaged_over", .count), .init("verdict", .text),
        ])
        for (finding, outcome) in outcomes {
            let points = outcome.contrast.map { [$0.value, $0.low, $0.high].map { 100 * $0 } }
            table.rows.append([
                .text(finding.claim), .text("\(finding.paper) (\(finding.citation))"), .optional(points?[0]),
                .optional(points?[1]), .optional(points?[2]),
                outcome.contrast == nil ? .none : .count(outcome.queries),
                outcome.contrast == nil ? .none : .count(outcome.choices), .text(outcome.verdict.rawValue),
            ])
        }
        return (sentence(outcomes.map(\.1.verdict)), table)
    }

    private static func sentence(_ verdicts: [Finding.Verdict]) -> String {
        let count = { (verdict: Finding.Verdict) in verdicts.count { $0 == verdict } }
        let rest = count(.unmeasured)
        return "Of \(verdicts.count) findings of \(ScalingPaper.citation), \(count(.agrees)) agree with these cells, "
            + "\(count(.disagrees)) disagree and \(count(.unclear)) cannot be told"
            + (rest > 0 ? "; \(rest) were not measured." : ".")
    }

    /// What stands under the table.
    static func note(_ measure: Measure) -> String {
        "Points of \(MeasureName.text(measure)): the mean over queries of the paired contrast, averaged over all other options "
            + "that its cells share, with its 95 % bootstrap interval over queries. A contrast agrees or disagrees by its sign "
            + "where the interval leaves out 0. Where the paper saw no difference, one agrees within "
            + "\(Int(100 * Finding.margin)) points. The paper's figures are MRR@10 on MS MARCO with T5; only signs are compared."
    }
}
