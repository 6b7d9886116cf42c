import Memory
import Ranking
import Search
import Tensors
import Transformers

/// Encodes passages that have a static vector only, when a query wants to know better.
///
/// The encoder reads them in the generator's precision and as far as it reads passages at all; those that a reranker does not cut
/// are read once for both.
struct VectorRefiner: ScoreRefiner {
    private let vectors: PassageVectorKinds
    private let reader: CandidateReader

    /// - Returns: nil where every vector is the encoder's own.
    static func open(_ index: IndexReader) throws -> VectorRefiner? {
        let vectors = try index.value(PassageVectorKinds.self)
        guard vectors.hasStatic else { return nil }
        return VectorRefiner(vectors: vectors, reader: try index.value(CandidateReader.self))
    }

    func scores(of passages: [PassageIndex], for query: Query) throws -> [Float?] {
        guard let vector = query.vector else { throw EngineError.queryWithoutVector }
        let stale = passages.filter { !vectors.isEncoded($0) }
        let states = CandidateStates.of(stale, query, reader, atMost: reader.encoder.maxTokens).map(\.states)
        let scores = Dictionary(
            uniqueKeysWithValues: zip(stale, states.map { Vector.dot(vector, reader.encoder.vector(of: $0)) }))
        return passages.map { scores[$0] }
    }

    func evidence(refined: Set<PassageIndex>) -> (any Evidence)? { VectorEvidence(kinds: vectors, forQuery: refined) }
}

/// Which passages have vectors of the encoder's own, and which static ones.
package struct PassageVectorKinds: LoadedOnce {
    private let indexes: [DenseIndex]
    private let places: SegmentPlaces

    package init(loading index: IndexReader) throws {
        indexes = try index.components(DenseIndex.self)
        places = index.places
    }

    package var hasStatic: Bool { indexes.contains { $0.encoded != nil } }
    /// Passages whose vectors are the encoder's own, deleted ones included.
    package var encodedCount: Int { indexes.reduce(0) { $0 + $1.encodedCount } }

    package func isEncoded(_ passage: PassageIndex) -> Bool {
        let (segment, local) = places.locate(passage)
        return indexes[segment].isEncoded(local)
    }
}

/// What a passage's vector is: an explanation's "vector".
struct VectorEvidence: Evidence {
    let kinds: PassageVectorKinds
    /// Passages that were encoded for the query at hand.
    var forQuery: Set<PassageIndex> = []

    var name: String { "vector" }

    func details(of passages: [PassageIndex]) -> [JSONTree?] {
        passages.map {
            .string(kinds.isEncoded($0) ? "encoded" : forQuery.contains($0) ? "encoded for the query" : "static")
        }
    }
}
