import Engine
import Search

/// Keeps the queries that find their own passage in the index (round-trip consistency, Alberti et al. 2019): what
/// does not is vague, or about another.
public struct RoundTripFilter: Sendable {
    /// The passage must be among the first so many; 0 keeps everything.
    public var keep = 20
    /// One of these must find it.
    public var retrievers: [ComponentID] = [BM25Retriever.id]

    public init(keep: Int = 20, retrievers: [ComponentID] = [BM25Retriever.id]) {
        (self.keep, self.retrievers) = (keep, retrievers)
    }

    /// The filter on an index; nil where it keeps everything.
    ///
    /// - Throws: ``EngineError/unavailable(_:reason:)`` where a retriever cannot run.
    func opened(on index: IndexReader) throws -> Opened? {
        guard keep > 0 else { return nil }
        var options = SearchOptions()
        options.retrievers = retrievers.sorted()
        options.rerank = 0
        options.depth = keep
        return Opened(search: try Engine(index).prepared(options), keep: keep)
    }

    struct Opened: Sendable {
        let search: PreparedSearch
        let keep: Int

        /// The passage's best place, from 1, in a retriever's list; nil where none finds it, or the query holds
        /// nothing to search for.
        func rank(of passage: PassageIndex, for text: String) throws -> Int? {
            let lists: [RankedList]
            do { lists = try search.lists(for: text) } catch EngineError.emptyQuery { return nil }
            return lists.compactMap { list in
                list.passages.prefix(keep).firstIndex { $0.passage == passage }.map { $0 + 1 }
            }.min()
        }
    }
}
