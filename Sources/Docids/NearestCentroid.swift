import Memory
import Tensors

/// Finds the nearest of a few centroids by Euclidean distance, many points at a time.
///
/// |x - c|² is smallest where x·c - |c|²/2 is largest, so that one matrix product serves a block.
struct NearestCentroid: Sendable {
    private let packed: PackedMatrix
    /// |c|² / 2 of each centroid.
    private let halves: [Float]

    private static let block = 512

    init(_ centroids: Matrix) {
        packed = centroids.withUnsafeBuffer {
            PackedMatrix(transposing: $0, columns: centroids.rows, inner: centroids.columns)
        }
        halves = (0..<centroids.rows).map { row in
            centroids.row(row).withUnsafeBufferPointer { Vector.dot($0, $0) / 2 }
        }
    }

    /// The nearest centroid of each point; ties go to the lowest index.
    func assign(_ points: PointSet, threads: Int) -> [Int32] {
        let (k, d) = (halves.count, points.dimension)
        let grain = NearestCentroid.block
        let blocks = Parallel.map(count: (points.count + grain - 1) / grain, threads: threads) {
            block in
            let range = block * grain..<min(points.count, (block + 1) * grain)
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * (d + k)) {
                buffer -> [Int32] in
                guard let gathered = buffer.baseAddress else { return [] }
                let products = gathered + range.count * d
                points.gather(range, into: gathered)
                packed.multiply(rows: range.count, gathered, into: products)
                return (0..<range.count).map { Int32(best(products + $0 * k)) }
            }
        }
        return Array(blocks.joined())
    }

    /// The index of the largest x·c - |c|²/2.
    private func best(_ products: UnsafePointer<Float>) -> Int {
        var best = 0
        var top = -Float.infinity
        for index in halves.indices {
            let score = products[index] - halves[index]
            if score > top {
                top = score
                best = index
            }
        }
        return best
    }
}
