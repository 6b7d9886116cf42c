import Search

/// RM3: the query's words mixed with a model of the feedback passages' words (Abdul-Jaleel et al., UMass at TREC 2004; relevance
/// models: Lavrenko and Croft 2001), in the form of Anserini, which cuts every passage to its heaviest terms before they are summed:
///
///     p(t)  = sum over passages of tf(t, d) / |d| · score(d)      both cut to the heaviest terms, p made to sum to 1
///     q'(t) = w tf(t, q) + (1 - w) |q| p(t)
///
/// `|d|` is the length of what was left of the passage, `|q|` that of the query: a query with w = 1 keeps its scores.
public struct RM3Feedback: IndexFeedback {
    public static let id: ComponentID = "rm3"

    public let changes: QueryForms = .terms
    public let depth: Int
    private let source: FeedbackTerms
    private let terms: Int
    private let weight: Double

    public static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> RM3Feedback {
        RM3Feedback(
            depth: options.depth ?? 10, source: try FeedbackTerms(index), terms: options.terms,
            weight: Double(options.weight ?? 0.5))
    }

    public func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
    {
        let own = source.of(query)
        let model = Self.model(
            of: try passages.relevant.map {
                (try source.frequencies($0.passage), Double($0.score) * Double($0.trust))
            }, terms: terms)
        guard weight < 1, !own.terms.isEmpty, !model.isEmpty else { return nil }
        let changed = own.reweighted(Self.mixed(own, model, weight: weight))
        return (query.changed { $0[WeightedTerms.self] = changed }, FeedbackReport(id, passages, terms: changed))
    }

    /// The words of passages, summing to 1; none where no passage has a term or a score.
    ///
    /// - Complexity: O(n log n) of all terms.
    package static func model(
        of passages: [(frequencies: [String: Int], score: Double)], terms: Int
    ) -> [String: Double] {
        var model: [String: Double] = [:]
        for (frequencies, score) in passages where score > 0 {
            let cut = frequencies.mapValues(Double.init).heaviest(terms)
            let length = cut.sum { $0 }
            for (term, frequency) in cut { model[term, default: 0] += frequency / length * score }
        }
        let cut = model.heaviest(terms)
        let total = cut.sum { $0 }
        return cut.mapValues { $0 / total }
    }

    /// The weights of all terms of both.
    package static func mixed(_ query: WeightedTerms, _ model: [String: Double], weight: Double) -> [String: Double] {
        let length = query.terms.reduce(0.0) { $0 + Double($1.weight) }
        var mixed = model.mapValues { (1 - weight) * length * $0 }
        for item in query.terms { mixed[item.term, default: 0] += weight * Double(item.weight) }
        return mixed
    }
}
