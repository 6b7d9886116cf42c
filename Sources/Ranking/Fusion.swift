/// Merges the lists of several retrievers into one.
public struct Fusion: Sendable, Codable, Equatable {
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The weighted sum of scores, each a share of the best its retriever could give.
        case weighted
        /// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009).
        case rrf
    }

    public var method = Method.weighted
    /// The weight of each retriever under ``Method/weighted``; a missing one weighs nothing.
    public var weights: [RetrieverKind: Float]
    /// RRF's constant k.
    public var rankConstant: Float = 60

    public init(method: Method = .weighted, weights: [RetrieverKind: Float]) {
        self.method = method
        self.weights = weights
    }

    /// Equal weights for retrievers of which nothing is known yet.
    public static func uniform(_ kinds: some Sequence<RetrieverKind>) -> Fusion {
        Fusion(weights: Dictionary(uniqueKeysWithValues: kinds.map { ($0, 1) }))
    }

    /// One retriever's part in a merge.
    public struct List: Sendable {
        public var kind: RetrieverKind
        /// Score falling.
        public var documents: [ScoredDocument]
        /// The best score that a passage could have for this query: 1 for unit vectors, all terms at
        /// full weight for BM25, the query's own evidence for keys. Scores are compared as shares of
        /// it, so that a retriever that matched little of a query says little (Bruch et al. 2023
        /// call this theoretical normalisation; the usual min-max makes every list equally sure).
        public var ceiling: Float
        /// What stands for the score of a passage that the list does not hold.
        public var absent: Float
        /// The exact score of any passage, also one below the list's end, where the retriever can
        /// tell.
        public var exactScore: (@Sendable (Int32) -> Float)?

        public init(
            kind: RetrieverKind, documents: [ScoredDocument], ceiling: Float, absent: Float = 0,
            exactScore: (@Sendable (Int32) -> Float)? = nil
        ) {
            self.kind = kind
            self.documents = documents
            self.ceiling = ceiling
            self.absent = absent
            self.exactScore = exactScore
        }
    }

    /// A candidate with what each retriever says of it.
    public struct Candidate: Sendable {
        public var document: Int32
        public var score: Float
        /// Per list: the rank from 1 (nil below the list's end), the score, and the part of the
        /// merged score.
        public var parts: [Part]
        /// What a reranker added; nil where nothing was reranked.
        public var rerank: Reranking.Part?

        public struct Part: Sendable {
            public var kind: RetrieverKind
            public var rank: Int?
            public var score: Float?
            public var contribution: Float
        }
    }

    /// The union of the lists: merged score falling, then index rising.
    ///
    /// Where a list has an exact score for every passage, all candidates are compared by it: the
    /// candidates that only a generative retriever found are reranked by their exact dense
    /// similarity and BM25 score.
    public func merge(_ lists: [List]) -> [Candidate] {
        let table = CandidateTable(lists)
        var candidates: [Candidate] = []
        for (row, document) in table.documents.enumerated() {
            var parts: [Candidate.Part] = []
            for (column, list) in lists.enumerated() {
                let cell = table.cell(row, column)
                let contribution: Float =
                    switch method {
                    case .weighted: (weights[list.kind] ?? 0) * cell.normalized
                    case .rrf: cell.position.map { 1 / (rankConstant + Float($0 + 1)) } ?? 0
                    }
                parts.append(
                    .init(kind: list.kind, rank: cell.rank, score: cell.score, contribution: contribution))
            }
            let score = parts.reduce(0) { $0 + $1.contribution }
            candidates.append(Candidate(document: document, score: score, parts: parts))
        }
        return candidates.sorted {
            $0.score != $1.score ? $0.score > $1.score : $0.document < $1.document
        }
    }
}

/// The union of the lists as a table: a row a candidate, a column a list.
struct CandidateTable {
    struct Cell {
        /// The place in the list, from 0.
        var position: Int?
        /// One more than the number of passages with a higher score.
        var rank: Int?
        var score: Float?
        /// score / ceiling.
        var normalized: Float
    }

    private(set) var documents: [Int32] = []
    private var cells: [Cell] = []
    private let columns: Int

    init(_ lists: [Fusion.List]) {
        columns = lists.count
        var seen: Set<Int32> = []
        for list in lists {
            for item in list.documents where seen.insert(item.document).inserted {
                documents.append(item.document)
            }
        }
        cells.reserveCapacity(documents.count * columns)
        let ranks = lists.map { list in
            Dictionary(uniqueKeysWithValues: list.documents.enumerated().map { ($1.document, $0) })
        }
        // Of equal scores none is before another, whatever order a list has them in.
        let first = lists.map { list in
            list.documents.indices.reduce(into: [Int]()) { first, place in
                let isTie = place > 0 && list.documents[place].score == list.documents[place - 1].score
                first.append(isTie ? first[place - 1] : place)
            }
        }
        for document in documents {
            for (column, list) in lists.enumerated() {
                let position = ranks[column][document]
                let score = position.map { list.documents[$0].score } ?? list.exactScore?(document)
                let share = list.ceiling > 0 ? (score ?? list.absent) / list.ceiling : 0
                cells.append(
                    Cell(
                        position: position, rank: position.map { first[column][$0] + 1 }, score: score,
                        normalized: share))
            }
        }
    }

    func cell(_ row: Int, _ column: Int) -> Cell { cells[row * columns + column] }
}
