import Docids
import Memory
import Tensors
import TestSupport
import Testing

@Suite struct KMeansTests {
    /// The nearest row in double precision; ties go to the lowest index.
    private func nearest(_ point: ArraySlice<Float>, _ centroids: Matrix) -> (index: Int, gap: Double) {
        let distances = (0..<centroids.rows).map { row in
            zip(point, centroids.row(row)).reduce(0.0) {
                $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
            }
        }
        let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
        let second = distances.indices.filter { $0 != best }.map { distances[$0] }.min() ?? .infinity
        return (best, second - distances[best])
    }

    @Test("Centroids are means and points belong to the nearest", arguments: [50, 1_000])
    func fixedPoint(count: Int) {
        let d = 16
        let vectors = Vectors.clustered(count, dimension: d)
        var kMeans = KMeans(seed: 3)
        kMeans.iterations = 100
        let clustering = kMeans.cluster(vectors, dimension: d, k: 12)
        let points = Matrix(rows: count, columns: d, values: vectors.toArray())
        #expect(clustering.assignment.count == count && clustering.count <= 12)
        var sums = [[Double]](repeating: [Double](repeating: 0, count: d), count: clustering.count)
        var sizes = [Double](repeating: 0, count: clustering.count)
        for place in 0..<count {
            let cluster = Int(clustering.assignment[place])
            sizes[cluster] += 1
            for i in 0..<d { sums[cluster][i] += Double(points[place, i]) }
            let expected = nearest(points.row(place), clustering.centroids)
            #expect(expected.index == cluster || expected.gap < 1e-5)
        }
        for cluster in 0..<clustering.count {
            #expect(sizes[cluster] > 0)
            for i in 0..<d {
                let mean = sums[cluster][i] / sizes[cluster]
                #expect(abs(Double(clustering.centroids[cluster, i]) - mean) < 1e-5)
            }
        }
    }

    @Test("Separated groups are found") func separated() {
        let d = 8
        var generator = SeededGenerator(seed: 4)
        let values = (0..<400).flatMap { index in
            (0..<d).map { ($0 == index % 4 ? 5 : 0) + Float.random(in: -0.1...0.1, using: &generator) }
        }
        let clustering = KMeans(seed: 1).cluster(FrozenArray(values), dimension: d, k: 4)
        #expect(clustering.count == 4)
        for index in 0..<400 {
            #expect(clustering.assignment[index] == clustering.assignment[index % 4])
        }
    }

    @Test("Mini-batches: the same result on any number of threads") func threads() {
        let vectors = Vectors.clustered(3_000, dimension: 12)
        func run(_ threads: Int) -> KMeans.Clustering {
            var kMeans = KMeans(seed: 8, threads: threads)
            kMeans.miniBatchThreshold = 2_000
            kMeans.miniBatchSize = 256
            return kMeans.cluster(vectors, dimension: 12, k: 40)
        }
        let one = run(1)
        #expect(one.count > 15)
        for threads in [2, 5] {
            let other = run(threads)
            #expect(other.assignment == one.assignment && other.centroids == one.centroids)
        }
    }

    @Test("Degenerate inputs") func degenerate() {
        #expect(KMeans(seed: 0).cluster(FrozenArray([]), dimension: 3, k: 5).count == 0)
        #expect(KMeans(seed: 0).cluster(FrozenArray([1, 2, 3]), dimension: 3, k: 5).count == 1)
        let equal = KMeans(seed: 0).cluster(Vectors.equal(100, dimension: 3), dimension: 3, k: 5)
        #expect(equal.count == 1 && equal.assignment.allSatisfy { $0 == 0 })
        let zeros = FrozenArray([Float](repeating: 0, count: 60))
        #expect(KMeans(seed: 0).cluster(zeros, dimension: 3, k: 5).count == 1)
    }
}
