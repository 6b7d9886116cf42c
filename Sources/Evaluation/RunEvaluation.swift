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

    /// The value for a question; nil where it does not count.
    public func value(of measure: Measure, query: Identifier) -> Double? {
        if let value = values[measure]?[query] { return value }
        return options.countsMissingQueries && missingQueryIDs.contains(query) ? 0 : nil
    }

    /// The mean of a measure; 0 where there is no question to average over.
    public func mean(of measure: Measure) -> Double {
        let count = averagedQueryIDs.count
        guard count > 0, let values = values[measure] else { return 0 }
        return queryIDs.reduce(0) { $0 + (values[$1] ?? 0) } / Double(count)
    }

    /// The means of all measures.
    public var means: [Measure: Double] {
        Dictionary(options.measures.map { ($0, mean(of: $0)) }) { first, _ in first }
    }
}
