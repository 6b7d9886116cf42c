import IndexStore
import Memory
import Ranking
import Search

/// The passages that late interaction likes best, of all passages, by scoring a few of them: ``CURScores`` tells which. It runs where it
/// is asked for, on an index that has the part of the name.
///
/// What a fusion's best 20 passages are reranked by is asked of passages here that no other retriever found.
public struct CURRetriever: IndexRetriever {
    public static let id: ComponentID = "cur"
    public static let isOfEncoder = true
    public static let runsByItself = false

    /// Where the first round's passages come from.
    public enum Anchors: String, Codable, Sendable, CaseIterable {
        /// Drawn with the seed, the same for every query.
        case drawn
        /// The best by the query's vector.
        case dense
    }

    public struct Options: ComponentOptions {
        /// The most passages that are scored.
        public var calls = 100
        /// Rounds of scoring; two with drawn anchors are ANNCUR, more are ADACUR.
        public var rounds = 5
        public var anchors = Anchors.dense
        /// Singular values below this share of the largest count as 0.
        public var cutoff = 0.001
        public var seed: UInt64 = 1

        public init() {}

        public func fault(_ limits: SearchLimits) -> OptionFault? {
            guard (0...1).contains(cutoff) else { return OptionFault("cutoff", "0 to 1") }
            return SearchLimits.fault(("calls", calls, 1...10_000), ("rounds", rounds, 1...100))
        }
    }

    public let needs: QueryNeeds
    private let options: Options
    private let part: CURPart
    private let reranker: InteractionReranker
    private let dense: DenseRetriever?
    /// From the passages of the index to those that the part counts.
    private let columns: [PassageIndex: Int]

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<CURRetriever> {
        guard let part = try index.snapshot.part(CURPart.self, in: index.environment()) else {
            throw EngineError.noPart(kind: CURPart.kind, index: index.path)
        }
        guard part.description.head == index.interactionHead else {
            throw EngineError.mismatch(path: index.path, what: "its \"cur\" is of another late-interaction head")
        }
        let reranker = try InteractionReranker.open(index, NoOptions())
        let dense = options.anchors == .dense ? try DenseRetriever.open(index, NoOptions()).component : nil
        let columns = (0..<part.passages.count).compactMap { column in part.passages[column].map { ($0, column) } }
        let retriever = CURRetriever(
            needs: dense == nil ? .states : [.states, .vector], options: options, part: part,
            reranker: reranker.component, dense: dense, columns: Dictionary(columns) { first, _ in first })
        return Opened(retriever, uses: reranker.uses.union([CURPart.kind]), notes: reranker.notes)
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let plan = CURScores.Plan(calls: options.calls, rounds: options.rounds, cutoff: options.cutoff)
        let found = try part.scores.find(
            plan, first: try anchors(query),
            passing: { column in part.passages[column].map(query.filter.contains) ?? false },
            score: { columns in
                try query.cancellation.throwIfRaised()
                return try reranker.scores(of: columns.compactMap { part.passages[$0] }, for: query)
            })
        var best = TopK<PassageIndex>(capacity: depth)
        for (column, score) in found { if let passage = part.passages[column] { best.offer(passage, score: score) } }
        let passages = best.sorted()
        return RankedList(
            id, passages: passages, ceiling: max(1, passages.first?.score ?? 1), floor: passages.last?.score ?? 0,
            counters: ["calls": Double(found.count)])
    }

    private func anchors(_ query: Query) throws -> [Int] {
        guard let dense else {
            var random = SeededGenerator(seed: options.seed, stream: 21)
            // Enough that a filter leaves some.
            var order = Array(0..<part.passages.count)
            order.shuffle(using: &random)
            return order
        }
        let share = options.calls / options.rounds + 1
        return try dense.retrieve(query, depth: share).passages.compactMap { columns[$0.id] }
    }
}
