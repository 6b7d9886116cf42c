import CKernels
import Memory
import Tensors

extension ByteRows {
    /// The inner product of a query and a row.
    package func product(_ query: CodedQuery, _ row: Int) -> Float {
        var sum: Int32 = 0
        ck_byte_products(query.words, codes.unsafeBase + row * dimension, 1, dimension, &sum)
        return scales[row] * (query.scale * Float(sum))
    }

    /// The inner products of a query and neighbouring rows.
    package func products(_ query: CodedQuery, _ rows: Range<Int>) -> [Float] {
        var sums = [Int32](repeating: 0, count: rows.count)
        ck_byte_products(query.words, codes.unsafeBase + rows.lowerBound * dimension, rows.count, dimension, &sums)
        return zip(rows, sums).map { scales[$0] * (query.scale * Float($1)) }
    }

    /// The inner products of a query and some rows.
    package func products(_ query: CodedQuery, at rows: [UInt32]) -> [Float] {
        var sums = [Int32](repeating: 0, count: rows.count)
        ck_byte_products_at(query.words, codes.unsafeBase, rows, rows.count, dimension, &sums)
        return zip(rows, sums).map { scales[Int($0)] * (query.scale * Float($1)) }
    }
}
