import Corpora

/// Evaluates runs against one set of judgements, with the numbers of trec_eval.
///
/// The ranks in a run are ignored: passages are ordered by score descending and, where scores are equal,
/// by the bytes of their identifiers descending.
public struct Evaluator: Sendable {
    public let qrels: Qrels
    public let options: EvaluationOptions
    /// What passages are worth to a reader, for `UDCG@K`.
    public let utilities: PassageValues

    public init(
        qrels: Qrels, options: EvaluationOptions = EvaluationOptions(), utilities: PassageValues = PassageValues()
    ) {
        self.qrels = qrels
        self.options = options
        self.utilities = utilities
    }

    /// Evaluates a run on the questions that it shares with the judgements.
    ///
    /// - Complexity: O(n log n) in the passages of the run.
    public func evaluate(_ run: TRECRun) -> RunEvaluation {
        var values: [Measure: [Identifier: Double]] = [:]
        var evaluated: [Identifier] = []
        var missing: [Identifier] = []
        let judged = qrels.queryIDs.sorted()
        let utilityDepth = options.measures.map(\.utilityDepth).max() ?? 0
        var withoutUtility = 0
        for query in judged {
            guard let entries = run.results[query], let judgements = qrels.judgements[query] else {
                missing.append(query)
                continue
            }
            evaluated.append(query)
            let list = JudgedList(
                entries: entries, judgements: judgements, level: options.relevanceLevel,
                utilities: utilities.values[query] ?? [:])
            withoutUtility += list.utilities.prefix(utilityDepth).count { $0 == nil }
            for measure in options.measures {
                values[measure, default: [:]][query] = list.value(of: measure)
            }
        }
        let unjudged = run.queryIDs.filter { qrels.judgements[$0] == nil }
        return RunEvaluation(
            tag: run.tag, options: options, queryIDs: evaluated, missingQueryIDs: missing,
            unjudgedQueryIDs: unjudged, values: values,
            averagedQueryIDs: options.countsMissingQueries ? judged : evaluated,
            relevantCounts: qrels.judgements.mapValues { grades in
                grades.values.count { $0 >= options.relevanceLevel }
            },
            passagesWithoutUtility: withoutUtility)
    }
}
