import Memory
import Ranking
import Search
import Transformers

/// The passages whose vectors are nearest to the query's: the dense fallback.
public struct DenseRetriever: IndexRetriever {
    public typealias Options = NoOptions

    public static let id: ComponentID = "dense"
    public static let isOfEncoder = true

    public let needs: QueryNeeds = .vector
    public let isRefinable = true
    private let indexes: [DenseIndex]
    private let places: SegmentPlaces
    /// Nil where all vectors are the encoder's own.
    private let evidence: VectorEvidence?

    public static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<DenseRetriever> {
        let space = try index.value(IndexVectorSpace.self)
        try index.checkStamps()
        let indexes = try index.components(DenseIndex.self)
        guard indexes.allSatisfy({ $0.dimension == space.dimension }) else {
            throw EngineError.mismatch(path: index.path, what: space.mismatch)
        }
        let kinds = try index.value(PassageVectorKinds.self)
        return Opened(
            DenseRetriever(
                indexes: indexes, places: index.places, evidence: kinds.hasStatic ? VectorEvidence(kinds: kinds) : nil),
            uses: space.isShared ? [] : [QueryEncoderPart.kind])
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let (places, filter, threads) = (places, query.filter, query.threads)
        let queries = indexes.map { $0.query(vector) }
        // Segments side by side, or else each one's vectors.
        let found: [[Scored<Int32>]] = Parallel.map(count: queries.count, threads: threads) { segment in
            queries[segment].best(depth, passing: filter[segment], threads: max(1, threads / queries.count))
        }
        return RankedList(
            id, passages: places.merged(found, k: depth), ceiling: 1,
            exactScore: { passage in
                let (segment, local) = places.locate(passage)
                return queries[segment].similarity(local)
            }, evidence: evidence)
    }
}
