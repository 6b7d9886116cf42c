import Memory
import Tensors
import Transformers

/// Fits a ``StaticEncoder`` to the vectors that a sentence encoder gives a sample of texts.
///
/// With rows X of features and the encoder's vectors V, of mean m, the table W is
///
///     argmin ‖X W − (V − m)‖² + λ ‖W − c·W0‖²,
///
/// where the prior W0 has the encoder's vectors of the single tokens, less their mean, and c makes its predictions as long as
/// the vectors that they predict: a token that the sample lacks keeps what it means alone. Solved by ``RidgeRegression``.
package struct StaticEncoderFit {
    /// λ.
    package var ridge: Float = 1
    /// The part of the sample that is kept out of the fit, to measure it.
    package var heldOut = 0.1
    package var threads = Parallel.cores

    package init() {}

    package struct Result {
        package var encoder: StaticEncoder
        /// The mean cosine to the encoder's vectors of the texts that were held out; of all where there were none.
        package var cosine: Double
        /// Texts that were fitted.
        package var fitted: Int
    }

    /// - Parameters:
    ///   - frequencies: of the corpus: its tokens get rows.
    ///   - texts: the sample's tokens, without special ones, in random order.
    ///   - vectors: the sample's, [texts × dimension], of length one.
    ///   - tokenVectors: the encoder's vectors of the frequencies' tokens alone, [tokens × dimension].
    /// - Complexity: O(iterations · features of the sample · dimension).
    package func run(
        _ frequencies: DocumentFrequencies, texts: [[Int32]], vectors: Matrix, tokenVectors: Matrix
    ) -> Result {
        let d = vectors.columns
        let tokens = frequencies.tokens
        precondition(texts.count == vectors.rows && tokenVectors.rows == tokens.count)
        var rowOf = [Int32](repeating: -1, count: frequencies.counts.count)
        for (row, token) in tokens.enumerated() { rowOf[Int(token)] = Int32(row) }
        let rows = FrozenArray(rowOf)
        let weights = FrozenArray(tokens.map { frequencies.weight(of: $0) })
        let held = texts.count < 20 ? 0 : Int(Double(texts.count) * heldOut)
        let fitted = texts.count - held
        let features = SparseRows(
            texts.prefix(fitted).map { StaticEncoder.features($0, rows: rows, weights: weights) }, columns: tokens.count
        )
        let mean = Self.mean(vectors, fitted)
        let target = Matrix.rows(fitted, d) { row, into in
            for (i, value) in vectors.row(row).enumerated() { into[i] = value - mean[i] }
        }
        let prior = scaledPrior(tokenVectors, features, target)
        let table = RidgeRegression(ridge: ridge, threads: threads).solve(features, target, prior: prior)
        let encoder = StaticEncoder(
            rows: rows, weights: weights,
            table: ByteRows(count: tokens.count, dimension: d, threads: threads) { row, into in
                for (i, value) in table.row(row).enumerated() { into[i] = value }
            }, mean: FrozenArray(mean))
        let measured = held > 0 ? fitted..<texts.count : 0..<fitted
        return Result(encoder: encoder, cosine: cosine(encoder, texts, vectors, measured), fitted: fitted)
    }

    private static func mean(_ vectors: Matrix, _ count: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: vectors.columns)
        for row in 0..<count { for (i, value) in vectors.row(row).enumerated() { sums[i] += Double(value) } }
        return sums.map { Float($0 / Double(max(1, count))) }
    }

    /// c·W0.
    private func scaledPrior(_ vectors: Matrix, _ features: SparseRows, _ target: Matrix) -> Matrix {
        let centre = Self.mean(vectors, vectors.rows)
        var prior = Matrix.rows(vectors.rows, vectors.columns) { row, into in
            for (i, value) in vectors.row(row).enumerated() { into[i] = value - centre[i] }
        }
        let predicted = features.times(prior, threads: threads)
        var (along, squared) = (0.0, 0.0)
        for (p, t) in zip(predicted.values, target.values) {
            along += Double(p * t)
            squared += Double(p * p)
        }
        let scale = squared > 0 ? Float(along / squared) : 0
        prior.withUnsafeMutableBuffer { for place in $0.indices { $0[place] *= scale } }
        return prior
    }

    private func cosine(
        _ encoder: StaticEncoder, _ texts: [[Int32]], _ vectors: Matrix, _ measured: Range<Int>
    ) -> Double {
        guard !measured.isEmpty else { return 0 }
        let products = Parallel.map(count: measured.count, threads: threads) { place in
            let row = measured.lowerBound + place
            return Double(
                withUnsafeTemporaryAllocation(of: Float.self, capacity: encoder.dimension) { vector in
                    encoder.encode(texts[row], into: vector)
                    return vectors.row(row).withUnsafeBufferPointer { Vector.dot($0, UnsafeBufferPointer(vector)) }
                })
        }
        return products.reduce(0, +) / Double(measured.count)
    }
}
