/// The measures of one run.
public struct RunEvaluation: Sendable, Hashable {
    /// The run's tag; free to be replaced by a better name before a table is made.
    public var tag: String
    public let options: EvaluationOptions
    /// The questions that have both results and judgements, in the order of the judgements.
    public let queryIDs: [String]
    /// Judged questions without results; they count as 0 with ``EvaluationOptions/countsMissingQueries``.
    public let missingQueryIDs: [String]
    /// Questions of the run without judgements; they count nowhere.
    public let unjudgedQueryIDs: [String]
    /// Values by measure and question, for ``queryIDs``.
    public let values: [Measure: [String: Double]]

    /// The questions over which means are taken.
    public var averagedQueryIDs: [String] {
        options.countsMissingQueries ? queryIDs + missingQueryIDs : queryIDs
    }

    /// The value for a question; nil where it does not count.
    public func value(of measure: Measure, query: String) -> Double? {
        if let value = values[measure]?[query] { return value }
        return options.countsMissingQueries && missingQueryIDs.contains(query) ? 0 : nil
    }

    /// The mean of a measure; 0 where there is no question to average over.
    public func mean(of measure: Measure) -> Double {
        let count = averagedQueryIDs.count
        guard count > 0, let values = values[measure] else { return 0 }
        // A fixed order, as the rounding of a sum depends on it.
        return queryIDs.reduce(0) { $0 + (values[$1] ?? 0) } / Double(count)
    }

    /// The means of all measures.
    public var means: [Measure: Double] {
        Dictionary(options.measures.map { ($0, mean(of: $0)) }) { first, _ in first }
    }
}
