import Tensors
import TestSupport

extension Matrix {
    static func random(
        _ rows: Int, _ columns: Int, _ generator: inout SeededGenerator, scale: Float = 1
    ) -> Matrix {
        let values = (0..<rows * columns).map { _ in Float.random(in: -scale...scale, using: &generator) }
        return Matrix(rows: rows, columns: columns, values: values)
    }
}
