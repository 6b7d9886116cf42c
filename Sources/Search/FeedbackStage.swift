import Foundation

/// What changes a search's query before its retrievers are asked for good.
public struct FeedbackStage: Sendable {
    /// They change different forms of the query, one after the other.
    public var methods: [any Feedback]
    /// What a person says of passages; nil: the best of a first search are taken as relevant.
    public var judged: FeedbackPassages?
    /// What rerankers say of the first search's best, for methods that read it and for trust; nil asks none.
    public var reranking: RerankStage?
    /// Whether passages count by how relevant rerankers find them.
    public var isFiltered: Bool

    public init(
        _ methods: [any Feedback], judged: FeedbackPassages? = nil, reranking: RerankStage? = nil,
        isFiltered: Bool = false
    ) {
        (self.methods, self.judged, self.reranking, self.isFiltered) = (methods, judged, reranking, isFiltered)
    }

    var needs: QueryNeeds {
        methods.reduce(reranking?.needs ?? []) { $0.union($1.needs) }
    }

    /// The query as the methods change it, and what each did; none where it stays as it is.
    ///
    /// - Parameter candidates: the first search's, the best first; none where a person judged.
    func change(
        _ query: Query, by candidates: [Candidate]
    ) throws -> (query: Query, changes: QueryForms, reports: [FeedbackReport]) {
        let passages = try judged ?? FeedbackPassages(relevant: trusted(candidates, query))
        var (changed, changes, reports) = (query, QueryForms(), [FeedbackReport]())
        for method in methods {
            var own = passages
            if judged == nil { own.relevant = Array(own.relevant.prefix(method.depth)) }
            guard let (next, report) = try method.change(changed, by: own) else { continue }
            changed = next
            changes.formUnion(method.changes)
            reports.append(report)
        }
        return (changed, changes, reports)
    }

    /// The best candidates, with what rerankers say of them where these are asked.
    private func trusted(_ candidates: [Candidate], _ query: Query) throws -> [FeedbackPassage] {
        let best = candidates.prefix(methods.map(\.depth).max() ?? 0)
        let plain = best.map { FeedbackPassage($0.passage, score: max(0, $0.score)) }
        guard let reranking, !best.isEmpty else { return plain }
        let values = try reranking.values(of: candidates.prefix(reranking.depth).map(\.passage), for: query)
        let odds = Self.logOdds(values)
        return plain.enumerated().map { place, item in
            var item = item
            // What was not scored is below all that was.
            item.rerankScore = place < values.count ? values[place] : nil
            if isFiltered { item.trust = place < odds.count ? 1 / (1 + exp(-odds[place])) : 0 }
            return item
        }
    }

    /// Rerankers' scores as log-odds of relevance: in standard deviations from their mean, as their own scale is no probability's.
    /// All 0 where they are alike.
    static func logOdds(_ values: [Float]) -> [Float] {
        let count = Float(max(1, values.count))
        let mean = values.reduce(0, +) / count
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        return values.map { deviation > 0 ? ($0 - mean) / deviation : 0 }
    }
}
