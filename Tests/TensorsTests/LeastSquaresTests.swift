import Tensors
import TestSupport
import Testing

@Suite struct LeastSquaresTests {
    private static func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> (columns: [[Double]], b: [Double]) {
        var random = SeededGenerator(seed: seed)
        func vector() -> [Double] { (0..<rows).map { _ in Double.random(in: -1...1, using: &random) } }
        return ((0..<columns).map { _ in vector() }, vector())
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    private static func product(_ columns: [[Double]], _ x: [Double]) -> [Double] {
        columns[0].indices.map { row in zip(columns, x).reduce(0) { $0 + $1.0[row] * $1.1 } }
    }

    @Test(
        "What is left over is orthogonal to all columns, and the solution lies among the rows",
        arguments: [(1, 1), (7, 1), (1, 7), (5, 5), (40, 12), (12, 40), (33, 32)])
    func moorePenrose(_ rows: Int, _ columns: Int) throws {
        let (a, b) = Self.random(rows, columns, UInt64(rows * 100 + columns))
        let x = try LeastSquares.solve(columns: a, b, cutoff: 1e-12)
        #expect(x.count == columns)
        let rest = zip(b, Self.product(a, x)).map { $0 - $1 }
        for column in a { #expect(abs(Self.dot(column, rest)) < 1e-9) }
        // A vector that A takes to 0 is orthogonal to x: one is made of two random ones, where there are more columns than rows.
        guard columns > rows else { return }
        let z = Self.random(columns, 1, 9).b
        let onto = try LeastSquares.solve(columns: a, Self.product(a, z), cutoff: 1e-12)
        let null = zip(z, onto).map { $0 - $1 }
        #expect(Self.product(a, null).allSatisfy { abs($0) < 1e-9 } && abs(Self.dot(null, x)) < 1e-9)
    }

    @Test("Equal columns share alike, and small singular values are cut off") func deficient() throws {
        let (a, b) = Self.random(6, 1, 3)
        let alone = try LeastSquares.solve(columns: a, b, cutoff: 1e-9)[0]
        let shared = try LeastSquares.solve(columns: [a[0], a[0], a[0]], b, cutoff: 1e-9)
        for share in shared { #expect(abs(share - alone / 3) < 1e-9) }
        let axes: [[Double]] = [[1, 0], [0, 1e-3]]
        let whole = try LeastSquares.solve(columns: axes, [2, 2], cutoff: 1e-4)
        #expect(abs(whole[0] - 2) < 1e-9 && abs(whole[1] - 2_000) < 1e-6)
        let cut = try LeastSquares.solve(columns: axes, [2, 2], cutoff: 1e-2)
        #expect(abs(cut[0] - 2) < 1e-9 && abs(cut[1]) < 1e-9)
    }

    @Test("What is no number has no solution") func unsolvable() {
        for bad in [Double.nan, .infinity] {
            #expect(throws: LeastSquares.Failure.unsolvable) {
                try LeastSquares.solve(columns: [[1, bad]], [1, 1], cutoff: 0.1)
            }
            #expect(throws: LeastSquares.Failure.unsolvable) {
                try LeastSquares.solve(columns: [[1, 1]], [bad, 1], cutoff: 0.1)
            }
        }
    }
}
