/// How runs are evaluated; the defaults are trec_eval's.
public struct EvaluationOptions: Sendable, Hashable {
    /// What is computed, in the order in which it is reported.
    public var measures = Measure.standard
    /// The lowest grade that counts as relevant, trec_eval's `-l`; the gains of nDCG ignore it.
    public var relevanceLevel = 1
    /// Averages over all judged questions and counts those missing in the run as 0, trec_eval's `-c`.
    public var countsMissingQueries = false

    public init(
        measures: [Measure] = Measure.standard, relevanceLevel: Int = 1,
        countsMissingQueries: Bool = false
    ) {
        self.measures = measures
        self.relevanceLevel = relevanceLevel
        self.countsMissingQueries = countsMissingQueries
    }
}
