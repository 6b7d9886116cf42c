import Tensors
import TestSupport
import Testing

@Suite struct ProductTests {
    /// Sums in double precision, element by element.
    private func naive(_ a: Matrix, _ b: Matrix, _ ta: Bool, _ tb: Bool, _ alpha: Float) -> [Double] {
        let m = ta ? a.columns : a.rows
        let k = ta ? a.rows : a.columns
        let n = tb ? b.rows : b.columns
        var c = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                for p in 0..<k {
                    let x = ta ? a[p, i] : a[i, p]
                    let y = tb ? b[j, p] : b[p, j]
                    c[i * n + j] += Double(x) * Double(y)
                }
                c[i * n + j] *= Double(alpha)
            }
        }
        return c
    }

    @Test("Products of every edge shape", arguments: [false, true], [false, true])
    func shapes(ta: Bool, tb: Bool) {
        var generator = SeededGenerator(seed: 1)
        for m in [1, 2, 5, 6, 7, 13, 14, 15, 57] {
            for n in [1, 3, 8, 15, 16, 17, 31, 32, 33, 70] {
                for k in [0, 1, 5, 64, 383, 384, 385, 800] where m * n * k < 200_000 {
                    let a = Matrix.random(ta ? k : m, ta ? m : k, &generator)
                    let b = Matrix.random(tb ? n : k, tb ? k : n, &generator)
                    let c = Matrix.product(a, b, transposingA: ta, transposingB: tb, alpha: 0.5)
                    let expected = naive(a, b, ta, tb, 0.5)
                    #expect(c.rows == m && c.columns == n)
                    let worst = zip(c.values, expected).map { abs(Double($0) - $1) }.max() ?? 0
                    #expect(worst < 1e-4, "\(m) × \(n) × \(k)")
                }
            }
        }
    }

    @Test("beta scales what is there") func accumulation() {
        var generator = SeededGenerator(seed: 2)
        let (m, n, k) = (17, 35, 500)
        let a = Matrix.random(m, k, &generator), b = Matrix.random(k, n, &generator)
        let plain = Matrix.product(a, b)
        var c = Matrix(rows: m, columns: n, values: [Float](repeating: 2, count: m * n))
        c.withUnsafeMutableBuffer { c in
            a.withUnsafeBuffer { a in
                b.withUnsafeBuffer { b in
                    Product.sgemm(
                        m: m, n: n, k: k, .init(a.baseAddress!, stride: k),
                        .init(b.baseAddress!, stride: n), beta: -1.5, into: c.baseAddress!, stride: n)
                }
            }
        }
        for (x, y) in zip(c.values, plain.values) { #expect(abs(x - (y - 3)) < 1e-4) }
    }

    @Test("A row does not depend on its neighbours") func rowInvariance() {
        var generator = SeededGenerator(seed: 3)
        let b = PackedMatrix(Matrix.random(400, 45, &generator))
        let a = Matrix.random(61, 400, &generator)
        let all = b.product(a)
        for rows in [1, 2, 9, 14, 15, 30] {
            let part = Matrix(rows: rows, columns: 400, values: Array(a.values.prefix(rows * 400)))
            #expect(b.product(part).values == Array(all.values.prefix(rows * 45)))
        }
    }

    @Test func packedTransposedEqualsPlain() {
        var generator = SeededGenerator(seed: 4)
        let weights = Matrix.random(45, 70, &generator), a = Matrix.random(9, 70, &generator)
        let packed = weights.withUnsafeBuffer {
            PackedMatrix(transposing: $0, columns: 45, inner: 70)
        }
        let expected = Matrix.product(a, weights, transposingB: true)
        for (x, y) in zip(packed.product(a).values, expected.values) { #expect(abs(x - y) < 1e-5) }
    }

    @Test func matrixTimesVector() {
        var generator = SeededGenerator(seed: 5)
        for columns in [0, 1, 15, 16, 33, 384] {
            let a = Matrix.random(7, columns, &generator)
            let x = Matrix.random(1, columns, &generator)
            let expected = naive(a, x, false, true, 1)
            for (y, e) in zip(a.product(x.values), expected) { #expect(abs(Double(y) - e) < 1e-4) }
        }
    }
}
