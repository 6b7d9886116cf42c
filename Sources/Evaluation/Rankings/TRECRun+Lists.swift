import Corpora

/// Runs seen as lists, and what evaluations leave out of them.
extension TRECRun {
    /// The passages of a query in trec_eval's order; none where the run lacks the query.
    ///
    /// - Complexity: O(n log n).
    public func ranking(of query: Identifier) -> [Identifier] {
        (results[query] ?? []).sorted(by: Self.precedes).map(\.passage)
    }

    /// Without passages whose id is that of the query: BEIR's evaluation leaves them out, since in some of its collections
    /// (ArguAna, Quora) the queries are passages themselves.
    public func withoutQueryPassages() -> TRECRun { keeping { query, entry in entry.passage != query } }

    /// Without passages that have no judgement for the query, or a negative one, which trec_eval takes for none: its `-J`
    /// (condensed lists: Sakai 2007).
    public func onlyJudged(by qrels: Qrels) -> TRECRun {
        keeping { query, entry in (qrels.judgements[query]?[entry.passage] ?? -1) >= 0 }
    }

    /// A list that loses all its passages stays as an empty one, so that its query still counts.
    private func keeping(_ isKept: (Identifier, Entry) -> Bool) -> TRECRun {
        var kept = TRECRun(tag: tag)
        for query in queryIDs {
            kept.set((results[query] ?? []).filter { isKept(query, $0) }, query: query)
        }
        return kept
    }
}
