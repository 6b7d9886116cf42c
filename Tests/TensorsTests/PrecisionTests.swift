import Memory
import Tensors
import TestSupport
import Testing

@Suite struct PrecisionTests {
    private static let sizes: [(m: Int, n: Int, k: Int)] = [
        (1, 1, 1), (1, 16, 8), (2, 15, 7), (5, 33, 64), (15, 40, 129), (16, 31, 255), (121, 17, 300),
        (250, 90, 31),
    ]

    private func packed(_ weights: Matrix, _ precision: Precision) -> PackedMatrix {
        weights.withUnsafeBuffer {
            PackedMatrix(
                transposing: $0, columns: weights.rows, inner: weights.columns, precision: precision, in: nil)
        }
    }

    private func brain(_ x: Float) -> Float {
        let bits = x.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    @Test("16-bit weights are single weights rounded to even", arguments: sizes)
    func halves(size: (m: Int, n: Int, k: Int)) {
        var generator = SeededGenerator(seed: UInt64(size.k))
        let a = Matrix.random(size.m, size.k, &generator)
        var weights = Matrix.random(size.n, size.k, &generator)
        // Halves: small and subnormal numbers too.
        weights[0, 0] = 3e-6
        weights[size.n - 1, size.k - 1] = -7e-8
        let rounded = Matrix(rows: size.n, columns: size.k, values: weights.values.map(brain))
        #expect(packed(weights, .bfloat16).product(a) == packed(rounded, .float32).product(a))
        #if !os(macOS) || arch(arm64)
        let halves = Matrix(rows: size.n, columns: size.k, values: weights.values.map { Float(Float16($0)) })
        #expect(packed(weights, .float16).product(a) == packed(halves, .float32).product(a))
        #endif
    }

    /// The largest sum of the sizes of four weights that AVX2 adds in 16 bits.
    private func largestQuad(_ row: ArraySlice<Float>) -> Float {
        let sizes = row.map(abs) + [Float](repeating: 0, count: 8)
        var most: Float = 0
        for p in stride(from: 0, to: row.count, by: 8) {
            for pair in [p, p + 2] {
                let (near, far) = (sizes[pair] + sizes[pair + 1], sizes[pair + 4] + sizes[pair + 5])
                most = max(most, near + far)
            }
        }
        return most
    }

    @Test("8-bit products are sums of rounded numbers", arguments: sizes)
    func int8(size: (m: Int, n: Int, k: Int)) {
        var generator = SeededGenerator(seed: UInt64(size.k + 1))
        let a = Matrix.random(size.m, size.k, &generator)
        let weights = Matrix.random(size.n, size.k, &generator)
        let product = packed(weights, .int8).product(a)
        let exact = packed(weights, .float32).product(a)
        for row in 0..<size.m {
            let range = a.row(row)
            let step = (max(range.max() ?? 0, 0) - min(range.min() ?? 0, 0)) / 128
            for column in 0..<size.n {
                let row_ = weights.row(column)
                let scale = max((row_.map(abs).max() ?? 0) / 127, largestQuad(row_) / 252)
                // Half a step of each factor, times the other, summed up in the worst case.
                let bound = zip(a.row(row), row_).reduce(Float(0)) {
                    $0 + abs($1.0) * scale / 2 + abs($1.1) * step / 2 + scale * step / 4
                }
                #expect(abs(product[row, column] - exact[row, column]) <= bound * 1.01 + 1e-6)
            }
        }
    }

    @Test("Rows of 8-bit products: zeros, one sign, huge and tiny") func rows() {
        let weights = Matrix(rows: 3, columns: 4, values: [1, -1, 0.5, 0.25, 0, 0, 0, 0, 127, 0, 0, 0])
        let a = Matrix(
            rows: 4, columns: 4,
            values: [0, 0, 0, 0, 1, 1, 1, 1, -2, -2, -2, -2, 1e30, 0, 0, 0])
        let product = packed(weights, .int8).product(a)
        #expect(Array(product.row(0)) == [0, 0, 0])
        #expect(abs(product[1, 0] - 0.75) < 0.02 && abs(product[2, 0] + 1.5) < 0.04)
        #expect((0..<4).allSatisfy { product[$0, 1] == 0 })
        #expect(abs(product[3, 2] / 127e30 - 1) < 0.02)
    }

    @Test("A row depends on nothing else, to the last bit", arguments: Precision.allCases)
    func independence(precision: Precision) {
        var generator = SeededGenerator(seed: 77)
        let a = Matrix.random(257, 520, &generator)
        let weights = Matrix.random(77, 520, &generator)
        let matrix = packed(weights, precision)
        let whole = matrix.product(a)
        for threads in [1, 2, 5] {
            let scratch = ProductScratch(team: ThreadTeam(threads: threads))
            for rows in [1, 4, 15, 26, 257] {
                var c = Matrix(rows: rows, columns: 77)
                a.withUnsafeBuffer { a in
                    c.withUnsafeMutableBuffer { c in
                        guard let a = a.baseAddress, let c = c.baseAddress else { return }
                        matrix.multiply(rows: rows, a, into: c, scratch)
                        // And once more on top: twice the product.
                        matrix.multiply(rows: rows, a, into: c, adds: true, scratch)
                    }
                }
                #expect((0..<rows).allSatisfy { row in c.row(row).elementsEqual(whole.row(row).map { 2 * $0 }) })
            }
        }
    }
}
