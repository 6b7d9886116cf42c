import Search

/// The mean of the query's vector and those of the feedback passages (vector PRF, Li et al. 2021), made as long as one:
///
///     q' = (q + d_1 + … + d_k) / (k + 1)
///
/// With a weight w of the query it is w q + (1 - w) mean of the d_i; where passages are trusted to different degrees, d_i counts by it.
public struct VectorAverage: IndexFeedback {
    public static let id: ComponentID = "vector"

    public let changes: QueryForms = .vector
    public let needs: QueryNeeds = .vector
    public let depth: Int
    private let vectors: PassageVectors
    private let weight: Double?

    public static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> VectorAverage {
        VectorAverage(
            depth: options.depth ?? 3, vectors: try index.value(PassageVectors.self),
            weight: options.weight.map(Double.init))
    }

    public func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
    {
        let found = passages.relevant.map { (vectors($0.passage), Double($0.trust)) }
        let trust = found.reduce(0) { $0 + $1.1 }
        guard weight ?? 0 < 1, let mean = FeedbackVectors.mean(found, by: trust) else { return nil }
        let own = weight ?? 1 / (1 + trust)
        return try FeedbackVectors.changed(query, id, passages) { query in
            zip(query, mean).map { own * $0 + (1 - own) * $1 }
        }
    }
}
