/// Merges the lists of several retrievers into one.
public struct Fusion: Sendable, Codable, Equatable {
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// The weighted sum of min-max normalised scores.
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
        /// The exact score of any passage, also one below the list's end, where the retriever can
        /// tell; the list's lowest score stands in otherwise.
        public var exactScore: (@Sendable (Int32) -> Float)?

        public init(
            kind: RetrieverKind, documents: [ScoredDocument],
            exactScore: (@Sendable (Int32) -> Float)? = nil
        ) {
            self.kind = kind
            self.documents = documents
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
                    case .rrf: cell.rank.map { 1 / (rankConstant + Float($0)) } ?? 0
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
        var rank: Int?
        var score: Float?
        /// (score - lowest) / (highest - lowest) of the list; 0 where nothing is known.
        var normalized: Float
    }

    private(set) var documents: [Int32] = []
    private var cells: [Cell] = []
    private let columns: Int

    init(_ lists: [Fusion.List]) {
        columns = lists.count
        var rows: [Int32: Int] = [:]
        for list in lists {
            for item in list.documents where rows[item.document] == nil {
                rows[item.document] = documents.count
                documents.append(item.document)
            }
        }
        cells = Array(
            repeating: Cell(rank: nil, score: nil, normalized: 0), count: documents.count * columns)
        for (column, list) in lists.enumerated() {
            guard let highest = list.documents.first?.score, let lowest = list.documents.last?.score
            else { continue }
            let scale = highest > lowest ? 1 / (highest - lowest) : 0
            // A list of one score says "found" and no more.
            let normalize = { (score: Float) in scale > 0 ? (score - lowest) * scale : 1 }
            for (position, item) in list.documents.enumerated() {
                guard let row = rows[item.document] else { continue }
                cells[row * columns + column] = Cell(
                    rank: position + 1, score: item.score, normalized: normalize(item.score))
            }
            guard let exactScore = list.exactScore, scale > 0 else { continue }
            for (row, document) in documents.enumerated() where cells[row * columns + column].rank == nil {
                let score = exactScore(document)
                cells[row * columns + column] = Cell(rank: nil, score: score, normalized: normalize(score))
            }
        }
    }

    func cell(_ row: Int, _ column: Int) -> Cell { cells[row * columns + column] }
}
