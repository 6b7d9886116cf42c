import Corpora

/// Evaluates runs against one set of judgements, with the numbers of trec_eval.
///
/// The ranks in a run are ignored: passages are ordered by score descending, compared in single
/// precision, and by identifier descending where scores are equal.
public struct Evaluator: Sendable {
    public let qrels: Qrels
    public let options: EvaluationOptions

    public init(qrels: Qrels, options: EvaluationOptions = EvaluationOptions()) {
        self.qrels = qrels
        self.options = options
    }

    /// Evaluates a run on the questions that it shares with the judgements.
    ///
    /// - Complexity: O(n log n) in the passages of the run.
    public func evaluate(_ run: TRECRun) -> RunEvaluation {
        var values: [Measure: [String: Double]] = [:]
        var evaluated: [String] = []
        for query in qrels.queryIDs {
            guard let entries = run.results[query], let judgements = qrels.judgements[query] else {
                continue
            }
            evaluated.append(query)
            let list = JudgedList(
                entries: entries, judgements: judgements, level: options.relevanceLevel)
            for measure in options.measures {
                values[measure, default: [:]][query] = list.value(of: measure)
            }
        }
        let missing = qrels.queryIDs.filter { run.results[$0] == nil }
        let unjudged = run.queryIDs.filter { qrels.judgements[$0] == nil }
        return RunEvaluation(
            tag: run.tag, options: options, queryIDs: evaluated, missingQueryIDs: missing,
            unjudgedQueryIDs: unjudged, values: values)
    }
}
