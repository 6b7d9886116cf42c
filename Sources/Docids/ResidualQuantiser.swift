import Memory
import Tensors

/// Residual quantisation: a vector as the sum of one codeword a level (Chen, Guan and Wang 2010).
///
/// Each level's codewords are k-means centroids of what the levels before left over.
package struct ResidualQuantiser: Sendable {
    package let dimension: Int
    /// The number of codewords of each level.
    package let codewordCounts: [Int]
    /// The codewords, level after level, [sum of codewordCounts × dimension].
    package let codebooks: FrozenArray<Float>
    let levels: [Level]

    /// A level's codewords, ready for products.
    struct Level: Sendable {
        let words: FrozenArray<Float>  // [codewords × dimension]
        let packed: PackedMatrix
        /// |c|² of each codeword.
        let squares: [Float]
    }

    package var levelCount: Int { codewordCounts.count }

    init(dimension: Int, codewordCounts: [Int], codebooks: FrozenArray<Float>) {
        self.dimension = dimension
        self.codewordCounts = codewordCounts
        self.codebooks = codebooks
        var levels: [Level] = []
        var start = 0
        for count in codewordCounts {
            levels.append(Level(codebooks.slice(start..<start + count * dimension), dimension))
            start += count * dimension
        }
        self.levels = levels
    }

    /// Vectors that are used for training at most.
    private static let sampleSize = 65_536

    /// Trains on `vectors`, [count × dimension].
    ///
    /// A level has fewer codewords where there are fewer distinct residuals. The same vectors and
    /// seed give the same codebooks on any number of threads.
    package static func train(
        vectors: FrozenArray<Float>, dimension: Int, levels: Int = 8, codewords: Int = 256,
        seed: UInt64 = 0, threads: Int = Parallel.cores
    ) -> ResidualQuantiser {
        precondition(dimension > 0 && vectors.count % dimension == 0)
        precondition(levels > 0 && (1...65_536).contains(codewords))
        var generator = SeededGenerator(seed: seed)
        let count = vectors.count / dimension
        let chosen = generator.sample(min(count, sampleSize), of: count)
        let sample = PointSet(vectors, dimension: dimension, indices: chosen[...])
        var residuals = FrozenArray<Float>(count: sample.count * dimension) { buffer in
            if let base = buffer.baseAddress { sample.gather(0..<sample.count, into: base) }
        }
        var counts: [Int] = []
        var words: [Float] = []
        for level in 0..<levels {
            let clustering = KMeans(seed: seed &+ UInt64(level) &+ 1, threads: threads)
                .cluster(residuals, dimension: dimension, k: codewords)
            guard clustering.count > 0 else {
                // Without vectors, one codeword of zeros a level.
                counts.append(1)
                words += [Float](repeating: 0, count: dimension)
                continue
            }
            counts.append(clustering.count)
            words += clustering.centroids.values
            residuals = subtract(clustering, from: residuals, dimension)
        }
        return ResidualQuantiser(
            dimension: dimension, codewordCounts: counts, codebooks: FrozenArray(words))
    }

    private static func subtract(
        _ clustering: KMeans.Clustering, from vectors: FrozenArray<Float>, _ dimension: Int
    ) -> FrozenArray<Float> {
        FrozenArray(count: vectors.count) { output in
            for (row, cluster) in clustering.assignment.enumerated() {
                let centroid = clustering.centroids.row(Int(cluster))
                for i in 0..<dimension {
                    output[row * dimension + i] =
                        vectors[row * dimension + i] - centroid[centroid.startIndex + i]
                }
            }
        }
    }

    /// The sum of the codewords; codes beyond `codes.count` levels are left out.
    package func reconstruct(_ codes: some Sequence<UInt16>) -> [Float] {
        var vector = [Float](repeating: 0, count: dimension)
        for (level, code) in zip(levels, codes) {
            let start = Int(code) * dimension
            for i in 0..<dimension { vector[i] += level.words[start + i] }
        }
        return vector
    }
}

extension ResidualQuantiser.Level {
    init(_ words: FrozenArray<Float>, _ dimension: Int) {
        self.words = words
        let count = words.count / dimension
        packed = words.withUnsafeBuffer {
            PackedMatrix(transposing: $0, columns: count, inner: dimension)
        }
        squares = (0..<count).map { word in
            words.slice(word * dimension..<(word + 1) * dimension).withUnsafeBuffer {
                Vector.dot($0, $0)
            }
        }
    }
}
