import Memory
import Ranking
import Search
import Transformers

/// The exact scan of all passages' vectors: the dense fallback.
public struct DenseRetriever: IndexRetriever {
    public typealias Options = NoOptions

    public static let id: ComponentID = "dense"
    public static let isOfEncoder = true

    public let needs: QueryNeeds = .vector
    private let indexes: [DenseIndex]

    public static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<DenseRetriever> {
        let encoder = try index.value(IndexQueryEncoder.self)
        try index.checkStamps()
        let indexes = try index.components(DenseIndex.self)
        guard indexes.allSatisfy({ $0.dimension == encoder.encoder.dimension }) else {
            throw EngineError.mismatch(path: index.path, what: "its vectors are not of its encoder's length")
        }
        return Opened(
            DenseRetriever(indexes: indexes), uses: encoder.isShared ? [] : [QueryEncoderPart.kind])
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let (indexes, filter) = (indexes, query.filter)
        let parts = Parallel.map(count: indexes.count, threads: query.threads) { segment in
            indexes[segment].similarities(vector, passing: filter[segment])
        }
        let all = parts.count == 1 ? parts[0] : Array(parts.joined())
        return RankedList(
            id, passages: TopK.best(depth, of: all), ceiling: 1, exactScore: { all[$0.place] })
    }
}
