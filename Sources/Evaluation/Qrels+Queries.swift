import Corpora

extension Qrels {
    /// The judgements of some queries only, in the same order.
    ///
    /// - Complexity: O(judgements).
    public func only(_ queries: Set<Identifier>) -> Qrels {
        var kept = Qrels()
        for query in queryIDs where queries.contains(query) {
            for (passage, grade) in judgements(of: query) { kept.set(grade, query: query, passage: passage) }
        }
        return kept
    }
}
