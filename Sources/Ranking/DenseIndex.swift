import Memory
import Storage
import Tensors

/// The dense vectors of a segment's passages, which have the segment's numbers here: the exact scan of the
/// classic fallback, and the leaves of the docid tree.
package struct DenseIndex: Sendable {
    package static let fileKind = "dense-vectors"

    /// The number of passages.
    package let count: Int
    /// The length of a vector.
    package let dimension: Int
    /// Row-major [count × dimension], unit length.
    package let vectors: FrozenArray<Float>

    /// Wraps row-major vectors.
    package init(vectors: FrozenArray<Float>, dimension: Int) {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        self.vectors = vectors
        self.dimension = dimension
        count = vectors.count / dimension
    }

    /// Maps a file of vectors.
    ///
    /// - Throws: ``StorageError`` when the parts are damaged or do not fit together.
    package init(_ container: Container) throws(StorageError) {
        let header = try container.section("dense.header", of: UInt64.self)
        let vectors = try container.section("dense.vectors", of: Float.self)
        guard header.count == 2, header[1] > 0, header[1] <= 1 << 16, header[0] <= UInt64(Int32.max),
            header[0] * header[1] == UInt64(vectors.count)
        else { throw .damaged(path: container.path, what: "the vectors do not fit their header") }
        self.init(vectors: vectors, dimension: Int(header[1]))
    }

    /// Writes the file.
    package func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write("dense.header", [UInt64(count), UInt64(dimension)])
        try writer.write("dense.vectors", vectors)
        try writer.finish()
    }

    /// The inner product of a query vector with one passage.
    ///
    /// - Parameter local: the passage's number in the segment.
    package func similarity(_ query: [Float], _ local: Int32) -> Float {
        precondition(query.count == dimension && local >= 0 && Int(local) < count)
        let start = Int(local) * dimension
        return query.withUnsafeBufferPointer { query in
            vectors.withUnsafeBuffer { Vector.dot(query, UnsafeBufferPointer(rebasing: $0[start..<start + dimension])) }
        }
    }

    /// The inner product of a query vector with every passage; O(count × dimension).
    package func similarities(_ query: [Float]) -> [Float] {
        precondition(query.count == dimension)
        return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
            if let output = scores.baseAddress, count > 0 {
                Product.sgemv(
                    rows: count, columns: dimension, vectors.unsafeBase, query, into: output)
            }
            initialized = count
        }
    }

    /// The inner product of a query vector with every passage that passes, `-infinity` for the others.
    ///
    /// - Parameter passing: nil where all pass.
    package func similarities(_ query: [Float], passing: PlaceSet?) -> [Float] {
        guard let passing else { return similarities(query) }
        // One by one a product costs some times what it does in a row of many.
        guard passing.count * 8 > count else {
            var scores = [Float](repeating: -.infinity, count: count)
            passing.forEach { scores[$0] = similarity(query, Int32($0)) }
            return scores
        }
        var scores = similarities(query)
        for place in scores.indices where !passing.contains(place) { scores[place] = -.infinity }
        return scores
    }
}
