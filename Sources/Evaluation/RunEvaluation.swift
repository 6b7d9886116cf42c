import Corpora

/// The measures of one run.
public struct RunEvaluation: Sendable, Hashable {
    /// The run's tag; free to be replaced by a better name before a table is made.
    public var tag: String
    public let options: EvaluationOptions
    /// The questions that have both results and judgements, by the bytes of their identifiers, which is
    /// trec_eval's order: the rounding of a sum depends on it.
    public let queryIDs: [Identifier]
    /// Judged questions without results; they count as 0 with ``EvaluationOptions/countsMissingQueries``.
    public let missingQueryIDs: [Identifier]
    /// Questions of the run without judgements; they count nowhere.
    public let unjudgedQueryIDs: [Identifier]
    /// Values by measure and question, for ``queryIDs``.
    public let values: [Measure: [Identifier: Double]]
    /// The questions over which means are taken, in the same order.
    public let averagedQueryIDs: [Identifier]
    /// How many passages are judged relevant, for all judged questions.
    public let relevantCounts: [Identifier: Int]
    /// Passages that a measure wanted the utility of, and that have none.
    public let passagesWithoutUtility: Int

    /// The value for a question; nil where it does not count.
    public func value(of measure: Measure, query: Identifier) -> Double? {
        if let value = values[measure]?[query] { return value }
        return options.countsMissingQueries && missingQueryIDs.contains(query) ? 0 : nil
    }

    /// The mean of a measure, as the measure takes it; 0 where there is no question to average over.
    public func mean(of measure: Measure) -> Double {
        guard let values = values[measure] else { return 0 }
        let (sum, count) =
            switch measure.averaging {
            case .queries: (queryIDs.reduce(0) { $0 + (values[$1] ?? 0) }, averagedQueryIDs.count)
            case .rankedQueries:
                (queryIDs.reduce(0) { $0 + (values[$1] ?? 0) }, queryIDs.count + unjudgedQueryIDs.count)
            case .relevantPassages:
                (
                    queryIDs.reduce(0) { $0 + (values[$1] ?? 0) * Double(relevantCounts[$1] ?? 0) },
                    averagedQueryIDs.reduce(0) { $0 + (relevantCounts[$1] ?? 0) }
                )
            }
        return count > 0 ? sum / Double(count) : 0
    }

    /// What each of some questions adds to the measure, so that the mean of the parts is the measure over these questions:
    /// its value, or of a measure that counts passages its value by its share of them. Paired tests compare these.
    func parts(of measure: Measure, queries: [Identifier]) -> [Double] {
        let values = queries.map { self.values[measure]?[$0] ?? 0 }
        guard case .relevantPassages = measure.averaging else { return values }
        let counts = queries.map { Double(relevantCounts[$0] ?? 0) }
        let all = counts.reduce(0, +)
        return all > 0 ? zip(values, counts).map { $0 * $1 * Double(queries.count) / all } : values
    }

    /// The means of all measures.
    public var means: [Measure: Double] {
        Dictionary(options.measures.map { ($0, mean(of: $0)) }) { first, _ in first }
    }
}
