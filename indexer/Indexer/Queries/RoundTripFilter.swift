import Engine
import Ranking

/// Keeps the queries that find their own passage in the index: what does not is vague, or about another.
public struct RoundTripFilter: Sendable {
    /// The passage must be among the first so many; 0 keeps everything.
    public var keep = 20
    /// One of these must find it: BM25, dense vectors, or either.
    public var retrievers: Set<RetrieverKind> = [.bm25]

    public init(keep: Int = 20, retrievers: Set<RetrieverKind> = [.bm25]) {
        self.keep = keep
        self.retrievers = retrievers
    }

    /// The passage's best place, from 1, in a retriever's list; nil where none finds it.
    ///
    /// The lists are those of search: score falling, then passage rising.
    func rank(of document: Int32, for text: String, in engine: Engine) -> Int? {
        let kinds = retrievers.sorted()
        guard
            let query = try? engine.queries.encode(
                text, withVector: kinds.contains(where: \.needsEncoder), withStates: false)
        else { return nil }
        let lists = engine.segments.retrieve(query, kinds: kinds, depth: keep, options: SearchOptions()).lists
        return lists.compactMap { list in
            list.documents.prefix(keep).firstIndex { $0.document == document }.map { $0 + 1 }
        }.min()
    }
}
