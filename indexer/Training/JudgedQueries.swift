/// Queries with all passages that each should find.
struct JudgedQueries: Sendable {
    /// The queries' numbers among the pairs' texts.
    private(set) var queries: [Int32] = []
    /// The passages of each, rising.
    private(set) var passages = TokenLists()

    init(_ pairs: [QueryPairs.Pair]) {
        for (query, group) in Dictionary(grouping: pairs, by: \.query).sorted(by: { $0.key < $1.key }) {
            queries.append(query)
            passages.append(Set(group.map(\.passage)).sorted())
        }
    }

    var count: Int { queries.count }
}
