import CKernels
import Memory
import Tensors

extension NibbleRows {
    /// The inner product of a query and a row.
    package func product(_ query: CodedQuery, _ row: Int) -> Float {
        var sum: Int32 = 0
        ck_nibble_products(query.words, codes.unsafeBase + row * Self.width(dimension), 1, dimension, &sum)
        return product(query, row, sum)
    }

    /// The inner products of a query and neighbouring rows.
    package func products(_ query: CodedQuery, _ rows: Range<Int>) -> [Float] {
        var sums = [Int32](repeating: 0, count: rows.count)
        let start = codes.unsafeBase + rows.lowerBound * Self.width(dimension)
        ck_nibble_products(query.words, start, rows.count, dimension, &sums)
        return zip(rows, sums).map { product(query, $0, $1) }
    }

    /// The inner products of a query and some rows.
    package func products(_ query: CodedQuery, at rows: [UInt32]) -> [Float] {
        var sums = [Int32](repeating: 0, count: rows.count)
        ck_nibble_products_at(query.words, codes.unsafeBase, rows, rows.count, dimension, &sums)
        return zip(rows, sums).map { product(query, Int($0), $1) }
    }

    /// The kernels know no sign: what they add up for every 0 is taken off.
    private func product(_ query: CodedQuery, _ row: Int, _ sum: Int32) -> Float {
        scales[row] * (query.scale * Float(sum - Self.zero * query.sum))
    }
}
