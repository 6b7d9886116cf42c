import CKernels
import Memory
import Tensors

/// Codes short vectors of length one: a projection to fewer components, the number of the nearest centroid, and what is left in two bits
/// a component (residual codes as ColBERTv2's, Santhanam et al. 2022).
///
///     z = P y,   c = argmin |z - c|,   code = c and the level of each (z - c)_j / spread_j
///
/// A code stands for a direction: what is decoded is scaled to length one.
package struct ResidualCodebook: Sendable {
    /// Levels of a component.
    package static let levelCount = 4
    /// Widths are multiples of this.
    package static let step = Int(CK_RESIDUAL_STEP)
    package static let mostWidth = Int(CK_RESIDUAL_MOST)
    /// A centroid's number has two bytes.
    package static let mostCentroids = 1 << 16

    /// Of the vectors.
    package let dimension: Int
    /// P, [width × dimension].
    let projection: FrozenArray<Float>
    /// [centroids × width].
    let centroids: FrozenArray<Float>
    /// What levels are multiplied by, [width].
    let spreads: FrozenArray<Float>
    /// Rising, [4].
    let levels: FrozenArray<Float>
    private let packed: PackedMatrix
    private let nearest: NearestCentroid
    /// The levels of the four components of a byte, [256 × 4].
    private let table: FrozenArray<Float>

    package var width: Int { spreads.count }
    package var centroidCount: Int { centroids.count / width }
    /// Bytes of a vector.
    package var byteCount: Int { 2 + width / 4 }

    /// - Precondition: the parts fit together, and the width is a multiple of ``step`` and ``mostWidth`` at most.
    init(
        dimension: Int, projection: FrozenArray<Float>, centroids: FrozenArray<Float>, spreads: FrozenArray<Float>,
        levels: FrozenArray<Float>
    ) {
        let width = spreads.count
        precondition(width > 0 && width % Self.step == 0 && width <= Self.mostWidth && levels.count == Self.levelCount)
        precondition(projection.count == width * dimension && centroids.count % width == 0)
        precondition((1...Self.mostCentroids).contains(centroids.count / width))
        self.dimension = dimension
        (self.projection, self.centroids, self.spreads, self.levels) = (projection, centroids, spreads, levels)
        packed = projection.withUnsafeBuffer { PackedMatrix(transposing: $0, columns: width, inner: dimension) }
        nearest = NearestCentroid(Matrix(rows: centroids.count / width, columns: width, values: centroids.toArray()))
        table = FrozenArray((0..<256).flatMap { byte in (0..<4).map { levels[byte >> (2 * $0) & 3] } })
    }

    /// P y of each vector, [rows × width].
    package func projected(_ vectors: UnsafeBufferPointer<Float>) -> [Float] {
        precondition(vectors.count % dimension == 0)
        let rows = vectors.count / dimension
        return [Float](unsafeUninitializedCapacity: rows * width) { buffer, count in
            if let from = vectors.baseAddress, let into = buffer.baseAddress {
                packed.multiply(rows: rows, from, into: into)
            }
            count = rows * width
        }
    }

    /// The codes of vectors, [rows × dimension] of length one: ``byteCount`` bytes each.
    ///
    /// - Complexity: O(rows × width × (dimension + centroids)).
    package func codes(of vectors: UnsafeBufferPointer<Float>) -> [UInt8] {
        let points = projected(vectors)
        let rows = points.count / width
        let numbers = nearest.assign(PointSet(FrozenArray(points), dimension: width), threads: 1)
        // A level's number is how many of these are below what is left.
        let cuts = (1..<Self.levelCount).map { (levels[$0 - 1] + levels[$0]) / 2 }
        var codes = [UInt8](repeating: 0, count: rows * byteCount)
        for row in 0..<rows {
            let (start, centroid) = (row * byteCount, Int(numbers[row]) * width)
            codes[start] = UInt8(truncatingIfNeeded: numbers[row])
            codes[start + 1] = UInt8(truncatingIfNeeded: numbers[row] >> 8)
            for j in 0..<width {
                let rest = points[row * width + j] - centroids[centroid + j]
                var level: UInt8 = 0
                for cut in cuts where rest > cut * spreads[j] { level += 1 }
                codes[start + 2 + j / 4] |= level << UInt8(2 * (j % 4))
            }
        }
        return codes
    }

    /// The vectors of codes, [rows × width].
    package func decoded(_ codes: UnsafeBufferPointer<UInt8>) -> [Float] {
        let rows = codes.count / byteCount
        return [Float](unsafeUninitializedCapacity: rows * width) { buffer, count in
            withBook { book in
                guard let from = codes.baseAddress, let into = buffer.baseAddress else { return }
                for row in 0..<rows { ck_residual_decode(book, from + row * byteCount, into + row * width) }
            }
            count = rows * width
        }
    }

    /// Vectors that codes are compared with.
    package struct Queries: Sendable {
        /// How many.
        package let count: Int
        /// [width × lanes], a vector a column.
        fileprivate let columns: FrozenArray<Float>
        fileprivate let lanes: Int
    }

    /// - Parameter vectors: [rows × dimension].
    package func queries(_ vectors: UnsafeBufferPointer<Float>) -> Queries {
        let points = projected(vectors)
        let (rows, group) = (points.count / width, Int(CK_RESIDUAL_LANES))
        let lanes = (rows + group - 1) / group * group
        let columns = FrozenArray<Float>(count: width * lanes) { buffer in
            for row in 0..<rows { for j in 0..<width { buffer[j * lanes + row] = points[row * width + j] } }
        }
        return Queries(count: rows, columns: columns, lanes: lanes)
    }

    /// For each query its largest product with any of the codes; none are negative infinity.
    ///
    /// - Complexity: O(codes × width × queries), without an allocation but for the result.
    package func peaks(of queries: Queries, in codes: UnsafeBufferPointer<UInt8>) -> [Float] {
        let rows = codes.count / byteCount
        var peaks = [Float](repeating: -.infinity, count: queries.lanes)
        withBook { book in
            guard let base = codes.baseAddress, rows > 0 else { return }
            ck_residual_peaks(book, base, rows, queries.columns.unsafeBase, queries.lanes, &peaks)
        }
        peaks.removeLast(queries.lanes - queries.count)
        return peaks
    }

    private func withBook(_ body: (UnsafePointer<ck_residual_book>) -> Void) {
        withExtendedLifetime((centroids, spreads, table)) {
            var book = ck_residual_book(
                centroids: centroids.unsafeBase, spreads: spreads.unsafeBase, levels: table.unsafeBase,
                count: centroidCount, width: width)
            body(&book)
        }
    }
}
