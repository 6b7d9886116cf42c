import Ranking
import Search
import Transformers

/// The vectors of passages, as they are stored, and queries that move among them.
struct FeedbackVectors: Sendable {
    private let indexes: [DenseIndex]
    private let places: SegmentPlaces

    /// - Throws: why queries have no vector, or passages none that fit it.
    init(_ index: IndexReader) throws {
        let space = try index.value(IndexVectorSpace.self)
        try index.checkStamps()
        indexes = try index.components(DenseIndex.self)
        places = index.places
        guard indexes.allSatisfy({ $0.dimension == space.dimension }) else {
            throw EngineError.mismatch(path: index.path, what: space.mismatch)
        }
    }

    func callAsFunction(_ passage: PassageIndex) -> [Double] {
        let (segment, local) = places.locate(passage)
        let vector = [Float](unsafeUninitializedCapacity: indexes[segment].dimension) { buffer, count in
            buffer.initialize(repeating: 0)
            indexes[segment].copy(local, into: buffer)
            count = buffer.count
        }
        return vector.map(Double.init)
    }

    /// A query with another vector, made as long as one: scores are then cosines as before, which the fusion of lists needs. Nil where
    /// nothing is left of it, or it is what it was.
    ///
    /// - Parameter move: the new vector, of any length, from the old one.
    static func changed(
        _ query: Query, _ id: ComponentID, _ passages: FeedbackPassages, _ move: ([Double]) -> [Double]
    ) throws -> (query: Query, report: FeedbackReport)? {
        guard let own = query.vector else { throw EngineError.queryWithoutVector }
        let moved = move(own.map(Double.init))
        let length = dot(moved, moved).squareRoot()
        guard length > 1e-9 else { return nil }
        let vector = moved.map { Float($0 / length) }
        let similarity = zip(vector, own).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        return (query.changed { $0.vector = vector }, FeedbackReport(id, passages, similarity: similarity))
    }

    static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The sum of vectors, each times its weight, divided by another number; nil where there are none, or it is 0.
    static func mean(_ vectors: [(vector: [Double], weight: Double)], by total: Double) -> [Double]? {
        guard let dimension = vectors.first?.vector.count, total > 0 else { return nil }
        var sum = [Double](repeating: 0, count: dimension)
        for (vector, weight) in vectors { for place in sum.indices { sum[place] += weight * vector[place] } }
        return sum.map { $0 / total }
    }
}
