import Memory
import Tensors

/// K-means clustering of dense vectors, the same for the same seed on any number of threads.
///
/// Lloyd's iterations on up to `miniBatchThreshold` points, above it mini-batches (Sculley 2010)
/// and one Lloyd step; both start from k-means++ (Arthur and Vassilvitskii 2007) on a sample.
package struct KMeans: Sendable {
    package var seed: UInt64
    package var threads: Int
    /// Lloyd iterations at most; they stop when no point moves.
    package var iterations = 15
    package var miniBatchThreshold = 10_000
    package var miniBatchSize = 4_096
    package var miniBatches = 60
    /// Centroids are learned by Lloyd's iterations from so many points each at most, drawn at random, and the others are only assigned;
    /// nil learns from all.
    package var pointsPerCentroid: Int?

    package init(seed: UInt64, threads: Int = Parallel.cores) {
        self.seed = seed
        self.threads = threads
    }

    /// Clusters that partition the points; none is empty.
    package struct Clustering: Sendable {
        /// The clusters' means, [clusters × dimension].
        package let centroids: Matrix
        /// The cluster of each point.
        package let assignment: [Int32]

        package var count: Int { centroids.rows }
    }

    /// Partitions the rows of `vectors`, [points × dimension], into at most `k` clusters.
    package func cluster(_ vectors: FrozenArray<Float>, dimension: Int, k: Int) -> Clustering {
        precondition(dimension > 0 && vectors.count % dimension == 0 && k > 0)
        return cluster(PointSet(vectors, dimension: dimension), k: k)
    }

    func cluster(_ points: PointSet, k: Int) -> Clustering {
        guard points.count > 0 else {
            return Clustering(centroids: Matrix(rows: 0, columns: points.dimension), assignment: [])
        }
        var generator = SeededGenerator(seed: seed)
        if let pointsPerCentroid, points.count > pointsPerCentroid * k {
            let sample = points.subset(generator.sample(pointsPerCentroid * k, of: points.count))
            var learned = plusPlus(sample, k: min(k, sample.count), &generator)
            for _ in 0..<iterations { updateMeans(sample, assign(sample, learned), &learned) }
            return compacted(points, assign(points, learned), learned)
        }
        var centroids = plusPlus(points, k: min(k, points.count), &generator)
        if points.count > miniBatchThreshold {
            refineByBatches(points, &centroids, &generator)
        }
        var assignment = assign(points, centroids)
        for _ in 0..<(points.count > miniBatchThreshold ? 1 : iterations) {
            updateMeans(points, assignment, &centroids)
            let next = assign(points, centroids)
            if next == assignment { break }
            assignment = next
        }
        return compacted(points, assignment, centroids)
    }

    /// The nearest centroid of each point; ties go to the lowest index.
    func assign(_ points: PointSet, _ centroids: Matrix) -> [Int32] {
        NearestCentroid(centroids).assign(points, threads: threads)
    }

    /// D²-weighted starting centroids, drawn from a sample of the points.
    private func plusPlus(
        _ points: PointSet, k: Int, _ generator: inout SeededGenerator
    ) -> Matrix {
        let sampleSize = min(points.count, max(32 * k, 1_024))
        let sample = points.subset(generator.sample(sampleSize, of: points.count))
        var rows: [Float] = []
        rows.reserveCapacity(k * points.dimension)
        var distances = [Double](repeating: .infinity, count: sample.count)
        let squares = (0..<sample.count).map { Vector.dot(sample.point($0), sample.point($0)) }
        var chosen = Int(generator.next() % UInt64(sample.count))
        for count in 1...k {
            let centre = sample.point(chosen)
            rows.append(contentsOf: centre)
            guard count < k else { break }
            var total = 0.0
            for place in 0..<sample.count {
                let product = Vector.dot(sample.point(place), centre)
                let square = squares[place] - 2 * product + squares[chosen]
                distances[place] = min(distances[place], Double(max(square, 0)))
                total += distances[place]
            }
            chosen = KMeans.draw(distances, total: total, &generator)
        }
        return Matrix(rows: k, columns: points.dimension, values: rows)
    }

    /// An index drawn in proportion to its weight; any index when all weights are zero.
    private static func draw(
        _ weights: [Double], total: Double, _ generator: inout SeededGenerator
    ) -> Int {
        guard total > 0 else { return Int(generator.next() % UInt64(weights.count)) }
        var left = generator.unit() * total
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    private func refineByBatches(
        _ points: PointSet, _ centroids: inout Matrix, _ generator: inout SeededGenerator
    ) {
        var seen = [Float](repeating: 0, count: centroids.rows)
        let d = points.dimension
        for _ in 0..<miniBatches {
            let places = (0..<miniBatchSize).map { _ in
                Int32(generator.next() % UInt64(points.count))
            }
            let batch = points.subset(places)
            let nearest = assign(batch, centroids)
            centroids.withUnsafeMutableBuffer { buffer in
                for (place, cluster) in nearest.enumerated() {
                    seen[Int(cluster)] += 1
                    let rate = 1 / seen[Int(cluster)]
                    let centre = UnsafeMutableBufferPointer(
                        rebasing: buffer[Int(cluster) * d..<(Int(cluster) + 1) * d])
                    let point = batch.point(place)
                    for i in 0..<d { centre[i] += rate * (point[i] - centre[i]) }
                }
            }
        }
    }

    /// Moves each centroid to the mean of its points; one without points stays.
    private func updateMeans(_ points: PointSet, _ assignment: [Int32], _ centroids: inout Matrix) {
        let groups = Grouping(assignment, count: centroids.rows)
        let d = centroids.columns
        centroids.withUnsafeMutableBuffer { buffer in
            let rows = SharedRows(buffer, columns: d)
            // One cluster a thread and its points in order: the sums do not depend on threads.
            Parallel.forEach(count: rows.count, threads: threads) { cluster in
                let members = groups[cluster]
                guard !members.isEmpty else { return }
                let centre = rows[cluster]
                centre.update(repeating: 0)
                for place in members { Vector.add(points.point(Int(place)), to: centre) }
                let scale = 1 / Float(members.count)
                for i in centre.indices { centre[i] *= scale }
            }
        }
    }

    /// Drops empty clusters and gives each other one the mean of exactly its points.
    private func compacted(
        _ points: PointSet, _ assignment: [Int32], _ centroids: Matrix
    ) -> Clustering {
        let groups = Grouping(assignment, count: centroids.rows)
        let kept = (0..<centroids.rows).filter { !groups[$0].isEmpty }
        var numbers = [Int32](repeating: -1, count: centroids.rows)
        for (number, cluster) in kept.enumerated() { numbers[cluster] = Int32(number) }
        let final = assignment.map { numbers[Int($0)] }
        var means = Matrix(rows: kept.count, columns: centroids.columns)
        updateMeans(points, final, &means)
        return Clustering(centroids: means, assignment: final)
    }
}
