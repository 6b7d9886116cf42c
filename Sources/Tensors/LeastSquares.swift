#if canImport(Accelerate)
import Accelerate
#endif

/// Linear least squares by LAPACK's singular value decomposition (`dgelsd`).
public enum LeastSquares {
    /// Why there is no solution.
    public enum Failure: Error, Sendable, Equatable {
        /// No LAPACK is installed.
        case noLibrary
        /// A number is not finite, or the decomposition did not converge.
        case unsolvable
    }

    /// The shortest x among those that make |A x - b| least: A⁺ b, with the pseudo-inverse of Moore and Penrose.
    ///
    /// - Parameters:
    ///   - columns: the columns of A, each as long as `b`; one at least.
    ///   - cutoff: singular values below this share of the largest count as 0.
    /// - Returns: as many numbers as there are columns.
    /// - Complexity: O(m n min(m, n)) of m rows and n columns.
    public static func solve(
        columns: [[Double]], _ b: [Double], cutoff: Double
    ) throws(Failure) -> [Double] {
        precondition(!b.isEmpty && !columns.isEmpty && columns.allSatisfy { $0.count == b.count })
        var a = columns.flatMap(\.self)
        guard a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { throw .unsolvable }
        let (m, n) = (b.count, columns.count)
        // LAPACK leaves x in the place of b.
        var x = b + [Double](repeating: 0, count: max(0, n - m))
        var singular = [Double](repeating: 0, count: min(m, n))
        // The first call asks how much room the second needs.
        var (room, integers) = ([0.0], [Int32](repeating: 0, count: 1))
        try call(m, n, &a, &x, &singular, cutoff, &room, size: -1, &integers)
        let size = Int(room[0])
        room = [Double](repeating: 0, count: max(1, size))
        integers = [Int32](repeating: 0, count: max(1, Int(integers[0])))
        try call(m, n, &a, &x, &singular, cutoff, &room, size: room.count, &integers)
        return Array(x.prefix(n))
    }

    private static func call(
        _ m: Int, _ n: Int, _ a: inout [Double], _ x: inout [Double], _ singular: inout [Double], _ cutoff: Double,
        _ room: inout [Double], size: Int, _ integers: inout [Int32]
    ) throws(Failure) {
        #if canImport(Accelerate)
        let dgelsd: Optional = dgelsd_
        #else
        let dgelsd = SystemBLAS.dgelsd
        #endif
        guard let dgelsd else { throw .noLibrary }
        var (rows, columns, sides, length) = (Int32(m), Int32(n), Int32(1), Int32(max(m, n)))
        var (cutoff, rank, size, info) = (cutoff, Int32(0), Int32(size), Int32(0))
        var height = rows
        dgelsd(
            &rows, &columns, &sides, &a, &height, &x, &length, &singular, &cutoff, &rank, &room, &size, &integers, &info
        )
        guard info == 0 else { throw .unsolvable }
    }
}
