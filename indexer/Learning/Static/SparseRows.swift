import CKernels
import Memory
import Tensors

/// A sparse matrix [rows × columns] of single-precision numbers, kept by rows and by columns.
package struct SparseRows: Sendable {
    private let rows: Compressed
    private let columns: Compressed

    /// The elements of one direction: line l has those from starts[l] to starts[l + 1].
    private struct Compressed: Sendable {
        var starts: [Int] = [0]
        var places: [Int32] = []
        var values: [Float] = []
    }

    package var rowCount: Int { rows.starts.count - 1 }
    package var columnCount: Int { columns.starts.count - 1 }

    /// - Parameter lines: the elements of each row, each by its column.
    package init(_ lines: [[(row: Int32, share: Float)]], columns count: Int) {
        var byRow = Compressed()
        var counts = [Int](repeating: 0, count: count + 1)
        for line in lines {
            for (column, value) in line {
                byRow.places.append(column)
                byRow.values.append(value)
                counts[Int(column) + 1] += 1
            }
            byRow.starts.append(byRow.places.count)
        }
        for column in 0..<count { counts[column + 1] += counts[column] }
        var byColumn = Compressed(
            starts: counts, places: Array(repeating: 0, count: byRow.places.count),
            values: Array(repeating: 0, count: byRow.places.count))
        var next = counts
        for (row, line) in lines.enumerated() {
            for (column, value) in line {
                let place = next[Int(column)]
                (byColumn.places[place], byColumn.values[place]) = (Int32(row), value)
                next[Int(column)] += 1
            }
        }
        (rows, columns) = (byRow, byColumn)
    }

    /// The columns that have an element, rising.
    package var usedColumns: [Int] {
        (0..<columnCount).filter { columns.starts[$0] < columns.starts[$0 + 1] }
    }

    /// This matrix with some of its columns, rising, alone.
    package func selecting(_ chosen: [Int]) -> SparseRows {
        var place = [Int32](repeating: -1, count: columnCount)
        for (new, old) in chosen.enumerated() { place[old] = Int32(new) }
        let lines = (0..<rowCount).map { row in
            (rows.starts[row]..<rows.starts[row + 1]).compactMap { at -> (row: Int32, share: Float)? in
                let new = place[Int(rows.places[at])]
                return new < 0 ? nil : (new, rows.values[at])
            }
        }
        return SparseRows(lines, columns: chosen.count)
    }

    /// This · b, [rows × b.columns].
    package func times(_ b: Matrix, threads: Int) -> Matrix { Self.product(rows, columnCount, b, threads) }

    /// The transpose of this · b, [columns × b.columns].
    package func transposedTimes(_ b: Matrix, threads: Int) -> Matrix { Self.product(columns, rowCount, b, threads) }

    /// Each line by one thread, so that its sum does not depend on how many there are.
    private static func product(_ lines: Compressed, _ inner: Int, _ b: Matrix, _ threads: Int) -> Matrix {
        precondition(b.rows == inner)
        let d = b.columns
        return Matrix.rows(lines.starts.count - 1, d, threads: threads) { line, into in
            b.withUnsafeBuffer { b in
                guard let base = b.baseAddress, let target = into.baseAddress else { return }
                for at in lines.starts[line]..<lines.starts[line + 1] {
                    ck_axpy(lines.values[at], base + Int(lines.places[at]) * d, target, d)
                }
            }
        }
    }
}

extension Matrix {
    /// A matrix whose rows are written one by one, on several threads; each begins as zeros.
    static func rows(
        _ count: Int, _ columns: Int, threads: Int = 1,
        _ write: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Matrix {
        var matrix = Matrix(rows: count, columns: columns)
        matrix.withUnsafeMutableBuffer { buffer in
            let shared = SharedRows(buffer, columns: columns)
            Parallel.forEachRange(count: count, grain: 64, threads: threads) { range in
                for row in range { write(row, shared[row]) }
            }
        }
        return matrix
    }
}
