import Search

/// Rocchio's over vectors (Li et al. 2021, in Pyserini), made as long as one:
///
///     q' = α q + β mean of the relevant - γ mean of the irrelevant
///
/// α is 0.9 and β 0.1 where the best of a search are taken as relevant, and there are no irrelevant ones. Where a person says what they
/// are, α, β and γ are to each other as 1, 0.75 and 0.15. A weight of the query's is α; β is what is left of 1, γ a fifth of β.
public struct VectorRocchio: IndexFeedback {
    public static let id: ComponentID = "vector-rocchio"
    public static let readsIrrelevant = true

    public let changes: QueryForms = .vector
    public let needs: QueryNeeds = .vector
    public let depth: Int
    private let vectors: PassageVectors
    private let weight: Double

    /// What the query as it was asked weighs beside passages that nobody judged.
    private static let usualWeight: Float = 0.9

    public static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> VectorRocchio {
        let usual = options.isJudged ? RocchioFeedback.usualWeight : usualWeight
        return VectorRocchio(
            depth: options.depth ?? 3, vectors: try index.value(PassageVectors.self),
            weight: Double(options.weight ?? usual))
    }

    public func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
    {
        let relevant = passages.relevant.map { (vectors($0.passage), Double($0.trust)) }
        let irrelevant = passages.irrelevant.map { (vectors($0), 1.0) }
        let means = (
            FeedbackVectors.mean(relevant, by: Double(relevant.count)),
            FeedbackVectors.mean(irrelevant, by: Double(irrelevant.count))
        )
        guard weight < 1, means.0 != nil || means.1 != nil else { return nil }
        return try FeedbackVectors.changed(query, id, passages) { query in
            query.indices.map { place in
                let away = RocchioFeedback.irrelevantShare * (means.1?[place] ?? 0)
                return weight * query[place] + (1 - weight) * ((means.0?[place] ?? 0) - away)
            }
        }
    }
}
