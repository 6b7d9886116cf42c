import Ranking
import Search
import Transformers

/// The vectors of an index's passages, as they are stored.
package struct PassageVectors: LoadedOnce {
    private let indexes: [DenseIndex]
    private let places: SegmentPlaces

    /// - Throws: why queries have no vector, or passages none that fit it.
    package init(loading index: IndexReader) throws {
        let space = try index.value(IndexVectorSpace.self)
        try index.checkStamps()
        indexes = try index.components(DenseIndex.self)
        places = index.places
        guard indexes.allSatisfy({ $0.dimension == space.dimension }) else {
            throw EngineError.mismatch(path: index.path, what: space.mismatch)
        }
    }

    package func callAsFunction(_ passage: PassageIndex) -> [Double] {
        let (segment, local) = places.locate(passage)
        let vector = [Float](unsafeUninitializedCapacity: indexes[segment].dimension) { buffer, count in
            buffer.initialize(repeating: 0)
            indexes[segment].copy(local, into: buffer)
            count = buffer.count
        }
        return vector.map(Double.init)
    }
}
