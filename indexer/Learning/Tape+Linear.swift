import CKernels
import Tensors

extension Tape {
    /// x Wᵀ + b, where W is [out × in] and x [rows × in]: a layer of PyTorch's `Linear`.
    ///
    /// A frozen weight only passes the gradient on.
    package func linear(_ x: Variable, _ weight: Parameter, bias: Parameter? = nil) -> Variable {
        precondition(x.columns == weight.columns, "the weight must fit the input")
        precondition(bias.map { $0.count == weight.rows } ?? true, "the bias must fit the weight")
        let output = make(
            rows: x.rows, columns: weight.rows,
            needsGradient: needsGradient(x) || needsGradient(weight) || needsGradient(bias))
        guard x.rows > 0 else { return output }
        weight.transposedPanels(team).multiply(
            rows: x.rows, value(x), stride: x.columns, into: value(output),
            resultStride: output.columns, bias: bias?.values.base, team)
        record(output) { tape in
            let dy = tape.outputGradient(output)
            if tape.needsGradient(x) {
                let (dx, adds) = tape.gradient(of: x)
                weight.plainPanels(tape.team).multiply(
                    rows: x.rows, dy, stride: output.columns, into: dx, resultStride: x.columns,
                    beta: adds ? 1 : 0, tape.team)
            }
            if tape.needsGradient(weight) {
                let (dw, adds) = weight.takeGradient()
                tape.addProduct(
                    rows: x.rows, dy, columns: output.columns, tape.value(x), columns: x.columns,
                    into: dw, adds: adds)
            }
            if let bias, tape.needsGradient(bias) {
                tape.addRows(dy, rows: x.rows, columns: output.columns, to: bias)
            }
        }
        return output
    }

    /// x Eᵀ · scale, where E is [n × d] and frozen or trained: the inner products of every row of x
    /// with every row of a table.
    package func products(_ x: Variable, with table: Parameter, scale: Float = 1) -> Variable {
        self.scale(linear(x, table), by: scale)
    }

    /// C = Aᵀ B or C += Aᵀ B, where A is [rows × m] and B [rows × n]: the gradient of a weight.
    ///
    /// Sums run over rows in rising order; threads take rows of C.
    func addProduct(
        rows: Int, _ a: UnsafePointer<Float>, columns m: Int, _ b: UnsafePointer<Float>,
        columns n: Int, into c: UnsafeMutablePointer<Float>, adds: Bool, alpha: Float = 1
    ) {
        withScratch(PackedPanels.count(inner: rows, columns: n)) { packed in
            withScratch(rows * m) { transposed in
                let panels = PackedPanels(inner: rows, columns: n, in: packed)
                panels.pack(b, rowStride: n, columnStride: 1, team)
                divide(m, grain: 96) { part in
                    let own = transposed.base + part.lowerBound * rows
                    ck_transpose(a + part.lowerBound, rows, part.count, m, own, rows)
                    panels.multiply(
                        0..<part.count, 0..<n, own, rows, c + part.lowerBound * n, n, alpha,
                        adds ? 1 : 0, nil)
                }
            }
        }
    }

    /// Adds the sum of rows to a bias' gradient.
    func addRows(_ x: UnsafePointer<Float>, rows: Int, columns: Int, to bias: Parameter) {
        let (db, adds) = bias.takeGradient()
        divide(columns, grain: 256) { part in
            ck_sum_rows(
                x + part.lowerBound, rows, part.count, columns, adds ? 1 : 0, db + part.lowerBound)
        }
    }
}
