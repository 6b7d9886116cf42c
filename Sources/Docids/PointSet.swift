import Memory
import Tensors

/// Some rows of a row-major matrix of vectors.
struct PointSet: Sendable {
    /// All vectors, [total × dimension].
    let vectors: FrozenArray<Float>
    let dimension: Int
    /// The rows that are meant.
    let indices: ArraySlice<Int32>

    var count: Int { indices.count }

    init(_ vectors: FrozenArray<Float>, dimension: Int, indices: ArraySlice<Int32>) {
        self.vectors = vectors
        self.dimension = dimension
        self.indices = indices
    }

    /// Every row.
    init(_ vectors: FrozenArray<Float>, dimension: Int) {
        let count = dimension == 0 ? 0 : vectors.count / dimension
        self.init(vectors, dimension: dimension, indices: Array(0..<Int32(count))[...])
    }

    /// The point at a place of the set.
    func point(_ place: Int) -> UnsafeBufferPointer<Float> {
        let row = Int(indices[indices.startIndex + place])
        return UnsafeBufferPointer(
            start: vectors.unsafeBase + row * dimension, count: dimension)
    }

    /// The points at some places of the set.
    func subset(_ places: [Int32]) -> PointSet {
        let rows = places.map { indices[indices.startIndex + Int($0)] }
        return PointSet(vectors, dimension: dimension, indices: rows[...])
    }

    /// Copies consecutive points into a buffer of [range.count × dimension].
    func gather(_ range: Range<Int>, into buffer: UnsafeMutablePointer<Float>) {
        var target = buffer
        for place in range {
            target.update(from: point(place).baseAddress ?? UnsafePointer(target), count: dimension)
            target += dimension
        }
    }
}
