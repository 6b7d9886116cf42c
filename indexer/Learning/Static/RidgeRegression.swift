import Memory
import Tensors

/// Least squares with a penalty on the way from a prior: argmin ‖X W − T‖² + λ ‖W − W0‖², by conjugate gradients on the normal
/// equations (Hestenes and Stiefel 1952), all columns of T at a time.
///
/// It stops after a fixed number of steps, well before the exact solution where X has more columns than rows; what is left undone
/// lies in directions that the sample says little of.
package struct RidgeRegression {
    /// λ.
    package var ridge: Float
    package var steps = 12
    package var threads = Parallel.cores

    package init(ridge: Float, threads: Int = Parallel.cores) { (self.ridge, self.threads) = (ridge, threads) }

    /// W, [columns of X × columns of T]. Rows of columns that X does not use are those of the prior.
    ///
    /// The same on any number of threads. O(steps · elements of X · columns of T).
    ///
    /// - Parameter prior: W0, [columns of X × columns of T].
    package func solve(_ x: SparseRows, _ target: Matrix, prior: Matrix) -> Matrix {
        precondition(x.rowCount == target.rows && x.columnCount == prior.rows && prior.columns == target.columns)
        let used = x.usedColumns
        let change = change(x.selecting(used), difference(target, x.times(prior, threads: threads)))
        var solution = prior
        let d = prior.columns
        solution.withUnsafeMutableBuffer { solution in
            change.withUnsafeBuffer { change in
                for (row, column) in used.enumerated() {
                    for i in 0..<d { solution[column * d + i] += change[row * d + i] }
                }
            }
        }
        return solution
    }

    /// D that minimises ‖X D − rest‖² + λ ‖D‖².
    private func change(_ x: SparseRows, _ rest: Matrix) -> Matrix {
        let d = rest.columns
        var residual = x.transposedTimes(rest, threads: threads)
        var direction = residual
        var solution = Matrix(rows: x.columnCount, columns: d)
        var squares = Self.columnProducts(residual, residual)
        for _ in 0..<steps {
            var image = x.transposedTimes(x.times(direction, threads: threads), threads: threads)
            add(&image, direction, [Double](repeating: Double(ridge), count: d))
            let curvature = Self.columnProducts(direction, image)
            let steps = zip(squares, curvature).map { $1 > 0 ? $0 / $1 : 0 }
            add(&solution, direction, steps)
            add(&residual, image, steps.map { -$0 })
            let fresh = Self.columnProducts(residual, residual)
            let keep = zip(fresh, squares).map { $1 > 0 ? $0 / $1 : 0 }
            var next = residual
            add(&next, direction, keep)
            (direction, squares) = (next, fresh)
        }
        return solution
    }

    private func difference(_ a: Matrix, _ b: Matrix) -> Matrix {
        var result = a
        add(&result, b, [Double](repeating: -1, count: a.columns))
        return result
    }

    /// a += b · diagonal(factors)
    private func add(_ a: inout Matrix, _ b: Matrix, _ factors: [Double]) {
        let d = b.columns
        let factors = factors.map { Float($0) }
        a.withUnsafeMutableBuffer { a in
            b.withUnsafeBuffer { b in
                factors.withUnsafeBufferPointer { factors in
                    for row in 0..<b.count / max(1, d) {
                        for i in 0..<d { a[row * d + i] += factors[i] * b[row * d + i] }
                    }
                }
            }
        }
    }

    /// The inner product of each column of a with that of b.
    private static func columnProducts(_ a: Matrix, _ b: Matrix) -> [Double] {
        let d = a.columns
        var sums = [Double](repeating: 0, count: d)
        a.withUnsafeBuffer { a in
            b.withUnsafeBuffer { b in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<a.count / max(1, d) {
                        for i in 0..<d { sums[i] += Double(a[row * d + i] * b[row * d + i]) }
                    }
                }
            }
        }
        return sums
    }
}
