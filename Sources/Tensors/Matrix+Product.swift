extension Matrix {
    /// op(A) · op(B), where op may transpose.
    public static func product(
        _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false,
        alpha: Float = 1
    ) -> Matrix {
        let (m, k) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (inner, n) = transposingB ? (b.columns, b.rows) : (b.rows, b.columns)
        precondition(k == inner, "the inner dimensions of a product must agree")
        var c = Matrix(rows: m, columns: n)
        a.withUnsafeBuffer { aBuffer in
            b.withUnsafeBuffer { bBuffer in
                c.withUnsafeMutableBuffer { cBuffer in
                    guard let aBase = aBuffer.baseAddress, let bBase = bBuffer.baseAddress,
                        let cBase = cBuffer.baseAddress
                    else { return }
                    Product.sgemm(
                        m: m, n: n, k: k, alpha: alpha,
                        .init(aBase, stride: a.columns, transposed: transposingA),
                        .init(bBase, stride: b.columns, transposed: transposingB),
                        into: cBase, stride: n)
                }
            }
        }
        return c
    }

    /// A · x.
    public func product(_ x: [Float]) -> [Float] {
        precondition(x.count == columns)
        return [Float](unsafeUninitializedCapacity: rows) { y, count in
            withUnsafeBuffer { a in
                guard let a = a.baseAddress, let y = y.baseAddress else { return }
                Product.sgemv(rows: rows, columns: columns, a, x, into: y)
            }
            count = rows
        }
    }
}
