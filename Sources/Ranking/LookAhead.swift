/// What another retriever says of every passage before the first token of a docid is generated: the look-ahead
/// of PAG (Zeng et al. 2024). A prefix scores
///
///     (1 - weight) s(prefix) + weight · the best score of a passage below it
///
/// and a whole docid what fusion would give its passage.
package struct LookAhead: Sendable {
    /// For each passage, as a share of the best that it could be.
    package var scores: [Float]
    /// The look-ahead weight, 0...1.
    package var weight: Float

    package init(scores: [Float], weight: Float) {
        self.scores = scores
        self.weight = weight
    }

    /// The score of a prefix, or of a whole docid, from its own and what lies ahead.
    @inline(__always)
    func score(_ own: Float, ahead: Float) -> Float { (1 - weight) * own + weight * ahead }
}

extension LookAhead {
    /// What BM25 says of every passage, as a share of the query's terms at full weight.
    ///
    /// - Parameter deleted: of passages that the indexes hold and that do not count.
    /// - Complexity: O(postings + passages).
    package init(
        of text: String, in indexes: [SparseIndex], without deleted: [SparseIndex] = [], weight: Float
    ) {
        let terms = SparseTerms(text, in: indexes, without: deleted)
        let scale = terms.ceiling > 0 ? 1 / terms.ceiling : 0
        let scores = indexes.enumerated().flatMap { segment, index in
            SparseQuery(terms, segment: segment, of: index, parameters: .init()).scores()
        }
        self.init(scores: scores.map { $0 * scale }, weight: weight)
    }
}
