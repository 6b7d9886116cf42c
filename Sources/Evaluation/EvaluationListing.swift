import Corpora

/// The report of one run in trec_eval's three columns: measure, question or `all`, value.
public struct EvaluationListing: Sendable {
    public let evaluation: RunEvaluation
    /// Lists every question before the means, trec_eval's `-q`.
    public var listsQueries: Bool

    public init(_ evaluation: RunEvaluation, listsQueries: Bool = false) {
        self.evaluation = evaluation
        self.listsQueries = listsQueries
    }

    public var text: String {
        var text = ""
        if listsQueries {
            for query in evaluation.averagedQueryIDs {
                for measure in evaluation.options.measures {
                    let value = evaluation.values[measure]?[query] ?? 0
                    text += Self.line("\(measure)", query.string, FixedNumber.text(value))
                }
            }
        }
        text += Self.line("runid", "all", evaluation.tag)
        text += Self.line("num_q", "all", "\(evaluation.averagedQueryIDs.count)")
        for measure in evaluation.options.measures {
            text += Self.line("\(measure)", "all", FixedNumber.text(evaluation.mean(of: measure)))
        }
        return text
    }

    /// A line of three columns.
    package static func line(_ name: String, _ query: String, _ value: String) -> String {
        let padding = String(repeating: " ", count: max(0, 22 - name.count))
        return "\(name)\(padding)\t\(query)\t\(value)\n"
    }
}
