import Search

/// A list of passages with their scores, the best first.
func list(
    _ retriever: ComponentID, _ scores: [(Int, Float)], ceiling: Float = 1, floor: Float = 0,
    exact: (@Sendable (PassageIndex) -> Float)? = nil
) -> RankedList {
    RankedList(
        retriever, passages: scores.map { Scored(PassageIndex($0.0), score: $0.1) }, ceiling: ceiling, floor: floor,
        exactScore: exact)
}

/// A list of the passages 0... by their scores.
func list(_ retriever: ComponentID, _ scores: [Float]) -> RankedList {
    list(retriever, scores.enumerated().map { ($0.offset, $0.element) }.sorted { $0.1 > $1.1 })
}

/// A reranker that knows its scores.
struct TableReranker: Reranker {
    let id: ComponentID
    var scores: [PassageIndex: Float]

    init(_ id: ComponentID, _ scores: [Float]) {
        self.id = id
        self.scores = Dictionary(
            uniqueKeysWithValues: scores.enumerated().map { (PassageIndex($0.offset), $0.element) })
    }

    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        candidates.map { scores[$0] ?? -9 }
    }
}

/// A retriever that knows its list.
struct TableRetriever: Retriever {
    let list: RankedList
    var needs: QueryNeeds = []
    var isRefinable = false

    var id: ComponentID { list.retriever }

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        var list = list
        list.passages = Array(list.passages.prefix(depth))
        return list
    }
}
