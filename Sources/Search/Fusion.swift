/// Fuses the lists of several retrievers into one.
public struct Fusion: Sendable, Codable, Equatable {
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The weighted sum of scores, each a share of the best its retriever could give (a convex combination
        /// where weights sum to 1).
        case weighted
        /// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009).
        case rrf
    }

    public var method = Method.weighted
    /// The weight of each retriever under ``Method/weighted``; a missing one weighs nothing.
    public var weights: [ComponentID: Float]

    /// RRF's constant k.
    private static let rankConstant: Float = 60

    public init(method: Method = .weighted, weights: [ComponentID: Float]) {
        self.method = method
        self.weights = weights
    }

    /// Equal weights for retrievers of which nothing is known yet.
    public static func uniform(_ retrievers: some Sequence<ComponentID>) -> Fusion {
        Fusion(weights: Dictionary(uniqueKeysWithValues: retrievers.map { ($0, 1) }))
    }

    /// The union of the lists: fused score falling, then passage rising. One list alone keeps its own scores.
    ///
    /// Where a list has an exact score for every passage, all candidates are compared by it: those that only a
    /// generative retriever found are reranked by their exact dense similarity and BM25 score. Where all
    /// weights of these lists are 0, they count alike.
    public func fuse(_ lists: [RankedList]) -> [Candidate] {
        let table = CandidateTable(lists)
        let weights = effectiveWeights(lists)
        var candidates: [Candidate] = []
        candidates.reserveCapacity(table.passages.count)
        for (row, passage) in table.passages.enumerated() {
            var parts: [Candidate.Part] = []
            for (column, list) in lists.enumerated() {
                let cell = table.cell(row, column)
                let contribution: Float =
                    switch method {
                    case _ where lists.count == 1: cell.score ?? 0
                    case .weighted: weights[column] * cell.normalized
                    case .rrf: cell.position.map { 1 / (Self.rankConstant + Float($0 + 1)) } ?? 0
                    }
                parts.append(
                    .init(retriever: list.retriever, rank: cell.rank, score: cell.score, contribution: contribution))
            }
            let score = parts.reduce(0) { $0 + $1.contribution }
            candidates.append(Candidate(passage: passage, score: score, parts: parts))
        }
        return candidates.sorted { $0.score != $1.score ? $0.score > $1.score : $0.passage < $1.passage }
    }

    /// What a list weighs in what is fused; 1 where it is alone, or ranks are fused.
    func weight(of list: RankedList, among lists: [RankedList]) -> Float {
        guard method == .weighted, lists.count > 1 else { return 1 }
        return zip(lists, effectiveWeights(lists)).first { $0.0.retriever == list.retriever }?.1 ?? 0
    }

    private func effectiveWeights(_ lists: [RankedList]) -> [Float] {
        let own = lists.map { weights[$0.retriever] ?? 0 }
        return own.allSatisfy { $0 == 0 } ? own.map { _ in 1 } : own
    }
}
