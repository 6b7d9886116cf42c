import Memory
import Tensors

/// Learns a codebook from a sample of the vectors; the same for the same seed on any number of threads.
package struct ResidualCodebookLearner: Sendable {
    /// The components that are kept; fewer where the vectors have fewer.
    package var width = 128
    package var centroids: Int
    package var seed: UInt64
    package var threads = Parallel.cores

    /// Rounds of subspace iteration. The last directions need not be exact: what they miss, their neighbours hold.
    private static let rounds = 24
    /// Rows whose products are summed at a time.
    private static let block = 4_096
    /// Where the levels of a normal distribution lie (Max 1960); a few rounds move them to those of the sample.
    private static let usualLevels: [Float] = [-1.51, -0.4528, 0.4528, 1.51]
    private static let levelRounds = 8

    package init(centroids: Int, seed: UInt64) { (self.centroids, self.seed) = (centroids, seed) }

    /// - Parameter vectors: [sample × dimension], of length one.
    /// - Returns: nil without vectors, and where they have too few components.
    package func learn(_ vectors: FrozenArray<Float>, dimension: Int) -> ResidualCodebook? {
        let width = min(self.width, dimension) / ResidualCodebook.step * ResidualCodebook.step
        guard width > 0, width <= ResidualCodebook.mostWidth, !vectors.isEmpty else { return nil }
        let projection = FrozenArray(directions(moments(vectors, dimension), dimension, width))
        let packed = projection.withUnsafeBuffer { PackedMatrix(transposing: $0, columns: width, inner: dimension) }
        let count = vectors.count / dimension
        let points = FrozenArray<Float>(count: count * width) { buffer in
            let rows = SharedRows(buffer, columns: width)
            Parallel.forEachRange(count: count, grain: 512, threads: threads) { range in
                guard let into = rows[range].baseAddress else { return }
                packed.multiply(rows: range.count, vectors.unsafeBase + range.lowerBound * dimension, into: into)
            }
        }
        var means = KMeans(seed: seed, threads: threads)
        means.miniBatchThreshold = .max
        means.iterations = 8
        let clusters = means.cluster(points, dimension: width, k: min(centroids, ResidualCodebook.mostCentroids))
        let (spreads, levels) = levels(points, clusters, width)
        return ResidualCodebook(
            dimension: dimension, projection: projection, centroids: FrozenArray(clusters.centroids.values),
            spreads: FrozenArray(spreads), levels: FrozenArray(levels))
    }

    /// The sum of y yᵀ over all vectors, [dimension × dimension].
    private func moments(_ vectors: FrozenArray<Float>, _ d: Int) -> [Float] {
        var sums = [Float](repeating: 0, count: d * d)
        sums.withUnsafeMutableBufferPointer { sums in
            guard let into = sums.baseAddress else { return }
            for start in stride(from: 0, to: vectors.count / d, by: Self.block) {
                let rows = min(Self.block, vectors.count / d - start)
                let base = vectors.unsafeBase + start * d
                Product.sgemm(
                    m: d, n: d, k: rows, .init(base, stride: d, transposed: true), .init(base, stride: d), beta: 1,
                    into: into, stride: d)
            }
        }
        return sums
    }

    /// The directions that hold most of the vectors, [width × dimension], orthonormal: those of the largest eigenvalues of the moments.
    private func directions(_ moments: [Float], _ d: Int, _ width: Int) -> [Float] {
        var random = SeededGenerator(seed: seed, stream: 1)
        let packed = PackedMatrix(Matrix(rows: d, columns: d, values: moments))
        var rows = Matrix(rows: width, columns: d, values: (0..<width * d).map { _ in Float(random.unit() - 0.5) })
        rows.orthonormalizeRows()
        for _ in 0..<Self.rounds {
            rows = packed.product(rows)
            rows.orthonormalizeRows()
        }
        return rows.values
    }

    /// The spread of what the centroids leave of each component, and the four levels of all components in its measure.
    private func levels(
        _ points: FrozenArray<Float>, _ clusters: KMeans.Clustering, _ width: Int
    ) -> (spreads: [Float], levels: [Float]) {
        let count = points.count / width
        @Sendable func rest(_ row: Int, _ j: Int) -> Float {
            points[row * width + j] - clusters.centroids.values[Int(clusters.assignment[row]) * width + j]
        }
        let spreads = Parallel.map(count: width, threads: threads) { j in
            var sum = 0.0
            for row in 0..<count { sum += Double(rest(row, j)) * Double(rest(row, j)) }
            return Float((sum / Double(count)).squareRoot())
        }
        var levels = Self.usualLevels
        // Every row counts alike; some thousand say where the levels lie.
        let step = max(1, count / 2_048)
        for _ in 0..<Self.levelRounds {
            var (sums, counts) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
            for row in stride(from: 0, to: count, by: step) {
                for j in 0..<width where spreads[j] > 0 {
                    let x = rest(row, j) / spreads[j]
                    var level = 0
                    for place in 1..<4 where x > (levels[place - 1] + levels[place]) / 2 { level += 1 }
                    sums[level] += Double(x)
                    counts[level] += 1
                }
            }
            for level in 0..<4 where counts[level] > 0 { levels[level] = Float(sums[level] / counts[level]) }
        }
        return (spreads, levels)
    }
}

extension Matrix {
    /// Makes the rows orthogonal to those before them and of length one (Gram-Schmidt, twice for the rounding); a row that depends on
    /// those before it becomes zeros.
    fileprivate mutating func orthonormalizeRows() {
        let (rows, columns) = (rows, columns)
        withUnsafeMutableBuffer { buffer in
            func row(_ place: Int) -> UnsafeMutableBufferPointer<Float> {
                UnsafeMutableBufferPointer(rebasing: buffer[place * columns..<(place + 1) * columns])
            }
            for place in 0..<rows {
                for _ in 0..<2 {
                    for before in 0..<place {
                        let product = Vector.dot(UnsafeBufferPointer(row(before)), UnsafeBufferPointer(row(place)))
                        Vector.add(UnsafeBufferPointer(row(before)), times: -product, to: row(place))
                    }
                    Vector.normalize(row(place))
                }
            }
        }
    }
}
