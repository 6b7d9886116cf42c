import CKernels
import Foundation
import Memory
import Tensors

/// Gives texts vectors without running a network: a table with a row for each token stands in for a sentence encoder.
///
/// A text's vector is `mean + sum of x_t · table[t]` over its different tokens t, scaled to length one, where
///
///     x_t = weight_t · log(1 + times of t in the text),   x scaled to length one.
///
/// Weights are inverse document frequencies of a corpus. The table is fitted to the vectors that the encoder itself gives a sample of
/// the same corpus, so that its vectors can stand beside the encoder's and be compared with the encoder's vectors of queries.
/// Order of words is lost, which is what the network is for.
package struct StaticEncoder: Sendable {
    /// The row of each token of the vocabulary; -1 for tokens that mean nothing here.
    package let rows: FrozenArray<Int32>
    /// Of each row.
    package let weights: FrozenArray<Float>
    package let table: ByteRows
    /// The mean vector of texts.
    package let mean: FrozenArray<Float>

    package var dimension: Int { table.dimension }

    /// - Precondition: rows are below the table's count, and sizes fit together.
    package init(rows: FrozenArray<Int32>, weights: FrozenArray<Float>, table: ByteRows, mean: FrozenArray<Float>) {
        precondition(weights.count == table.count && mean.count == table.dimension)
        (self.rows, self.weights, self.table, self.mean) = (rows, weights, table, mean)
    }

    /// The features of a text: its different tokens that have a row, rising, each with its share x_t. Empty where there are none.
    package static func features(
        _ tokens: some Sequence<Int32>, rows: FrozenArray<Int32>, weights: FrozenArray<Float>
    ) -> [(row: Int32, share: Float)] {
        let known = tokens.compactMap { token -> Int32? in
            guard token >= 0, Int(token) < rows.count, rows[Int(token)] >= 0 else { return nil }
            return rows[Int(token)]
        }.sorted()
        var features: [(row: Int32, share: Float)] = []
        var start = 0
        while start < known.count {
            var end = start + 1
            while end < known.count, known[end] == known[start] { end += 1 }
            features.append((known[start], weights[Int(known[start])] * log(1 + Float(end - start))))
            start = end
        }
        let length = features.reduce(Float(0)) { $0 + $1.share * $1.share }.squareRoot()
        guard length > 0 else { return [] }
        for place in features.indices { features[place].share /= length }
        return features
    }

    /// Writes the vector of a text, of length one.
    ///
    /// Sums are of whole numbers, so that a text's vector is the same on every machine. O(tokens · dimension).
    ///
    /// - Parameter tokens: without special tokens, cut as the encoder would cut them.
    package func encode(_ tokens: some Sequence<Int32>, into vector: UnsafeMutableBufferPointer<Float>) {
        precondition(vector.count == dimension)
        let features = Self.features(tokens, rows: rows, weights: weights)
        let scaled = features.map { $0.share * table.scales[Int($0.row)] }
        // As fine as shares of 16 bits, and a sum of 32, allow.
        let unit = max((scaled.max() ?? 0) / 32_767, scaled.reduce(0, +) / Float(1 << 23))
        mean.withUnsafeBuffer { _ = vector.update(from: $0) }
        if unit > 0 {
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: dimension) { sums in
                let shares = scaled.map { Int16(($0 / unit).rounded(.toNearestOrEven)) }
                ck_byte_sum(
                    table.codes.unsafeBase, features.map { UInt32($0.row) }, shares, shares.count, dimension,
                    sums.baseAddress)
                for i in 0..<dimension { vector[i] += unit * Float(sums[i]) }
            }
        }
        Vector.normalize(vector)
    }
}
