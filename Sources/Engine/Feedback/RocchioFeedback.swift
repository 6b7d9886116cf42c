import Search

/// Rocchio's over BM25 (Rocchio 1971), in Anserini's form: passages are vectors of their terms' frequencies of length one.
///
///     q' = α q + |q| (β mean of the relevant - γ mean of the irrelevant)      each mean cut to its heaviest terms, of length one
///
/// Lengths are Euclidean. Weights that are not above 0 are left out. A passage of which no term tells anything counts in the means.
/// α is the query's weight, β what is left of 1, γ a fifth of β: as 1, 0.75 and 0.15 are, but that their sum is 1.
public struct RocchioFeedback: IndexFeedback {
    public static let id: ComponentID = "rocchio"
    public static let readsIrrelevant = true

    /// What the query as it was asked weighs where nobody says: 1 beside 0.75.
    static let usualWeight: Float = 4 / 7
    /// What irrelevant passages count beside relevant ones.
    static let irrelevantShare = 0.2

    public let changes: QueryForms = .terms
    public let depth: Int
    private let source: FeedbackTerms
    private let terms: Int
    private let weight: Double

    public static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> RocchioFeedback {
        RocchioFeedback(
            depth: options.depth ?? 10, source: try FeedbackTerms(index), terms: options.terms,
            weight: Double(options.weight ?? usualWeight))
    }

    public func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
    {
        let own = source.of(query)
        let relevant = Self.mean(
            of: try passages.relevant.map { (try source.frequencies($0.passage), Double($0.trust)) }, terms: terms)
        let irrelevant = Self.mean(
            of: try passages.irrelevant.map { (try source.frequencies($0), 1) }, terms: terms)
        guard weight < 1, !own.terms.isEmpty, !relevant.isEmpty || !irrelevant.isEmpty else { return nil }
        let changed = own.reweighted(Self.mixed(own, relevant, irrelevant, weight: weight))
        // Nothing that could be searched for is left of a query that irrelevant passages say all of.
        guard !changed.terms.isEmpty else { return nil }
        return (query.changed { $0[WeightedTerms.self] = changed }, FeedbackReport(id, passages, terms: changed))
    }

    /// The mean of passages' vectors, of length one; none where no passage has a term.
    ///
    /// - Complexity: O(n log n) of all terms.
    package static func mean(of passages: [(frequencies: [String: Int], trust: Double)], terms: Int) -> [String: Double]
    {
        var sums: [String: Double] = [:]
        for (frequencies, trust) in passages where trust > 0 {
            let own = frequencies.mapValues(Double.init)
            let length = own.sum { $0 * $0 }.squareRoot()
            for (term, frequency) in own { sums[term, default: 0] += trust * frequency / length }
        }
        let cut = sums.heaviest(terms)
        let length = cut.sum { $0 * $0 }.squareRoot()
        return cut.mapValues { $0 / length }
    }

    /// The weights of all terms; some may be below 0.
    package static func mixed(
        _ query: WeightedTerms, _ relevant: [String: Double], _ irrelevant: [String: Double], weight: Double
    ) -> [String: Double] {
        let length = query.terms.reduce(0.0) { $0 + Double($1.weight) * Double($1.weight) }.squareRoot()
        let rest = (1 - weight) * length
        var mixed = relevant.mapValues { rest * $0 }
        for (term, value) in irrelevant { mixed[term, default: 0] -= irrelevantShare * rest * value }
        for item in query.terms { mixed[item.term, default: 0] += weight * Double(item.weight) }
        return mixed
    }
}
