import Corpora
import Evaluation
import Foundation
import Rerankers

/// What methods reach and what they take, side by side.
struct RerankTable {
    struct Row {
        var name: String
        var run: TRECRun
        var cost: RerankCost

        init(_ name: String, _ run: TRECRun, _ cost: RerankCost) {
            (self.name, self.run, self.cost) = (name, run, cost)
        }
    }

    /// The first is what was there before.
    private let rows: [(row: Row, evaluation: RunEvaluation?)]
    private let measure: String

    init(rows: [Row], qrels: Qrels?, measure: String) {
        self.measure = measure
        let evaluator = qrels.flatMap { qrels in
            MeasureList(measure).map {
                Evaluator(qrels: qrels, options: EvaluationOptions(measures: $0.measures))
            }
        }
        self.rows = rows.map { row in
            var evaluation = evaluator?.evaluate(row.run)
            evaluation?.tag = row.name
            return (row, evaluation)
        }
    }

    private struct Line: Encodable {
        var method: String
        var queries: Int
        var value: Double?
        var cost: RerankCost
    }

    private static func value(_ evaluation: RunEvaluation?) -> Double? {
        evaluation.flatMap { evaluation in evaluation.options.measures.first.map { evaluation.mean(of: $0) } }
    }

    /// One line of JSON a method.
    func lines() throws -> [String] {
        try rows.map { row, evaluation in
            try AnswerJSON.text(
                of: Line(
                    method: row.name, queries: row.run.queryIDs.count, value: Self.value(evaluation), cost: row.cost),
                isLine: true)
        }
    }

    var text: String {
        let head = ["", measure, "calls", "prompt tokens", "read", "written", "cut", "ms"]
        let baseline = rows.first?.evaluation
        let body = rows.map { row, evaluation in
            let cost = row.cost
            let n = Double(max(1, cost.queries))
            func each(_ value: Int) -> String { cost.queries == 0 ? "" : String(format: "%.1f", Double(value) / n) }
            return [
                row.name,
                Self.value(evaluation).map { String(format: "%.4f", $0) + Self.stars(evaluation, baseline) } ?? "",
                each(cost.calls),
                each(cost.promptTokens), each(cost.readTokens), each(cost.generatedTokens), each(cost.truncated),
                cost.queries == 0 ? "" : String(format: "%.0f", 1000 * cost.seconds / n),
            ]
        }
        let note =
            baseline == nil || rows.count < 2
            ? "" : "* p < 0.05, ** p < 0.01 against the first line, paired randomisation test, two-sided\n"
        return AlignedTable.text([head] + body)
            + "a query: calls, tokens of its prompts, those read and written, passages cut, milliseconds\n" + note
    }

    private static func stars(_ own: RunEvaluation?, _ baseline: RunEvaluation?) -> String {
        guard let own, let baseline, own.tag != baseline.tag, let measure = own.options.measures.first,
            case let p = RunComparison(own, with: baseline, measure: measure).randomisationP
        else { return "" }
        return p < 0.01 ? "**" : p < 0.05 ? "*" : ""
    }
}
