import CKernels

extension Tape {
    /// Elements that a thread takes at a time.
    private static let grain = 16_384

    /// a + b, of the same size.
    package func add(_ a: Variable, _ b: Variable) -> Variable {
        precondition(a.rows == b.rows && a.columns == b.columns, "sums need equal sizes")
        let output = make(
            rows: a.rows, columns: a.columns, needsGradient: needsGradient(a) || needsGradient(b))
        let (x, y, z) = (value(a), value(b), value(output))
        divide(output.count, grain: Self.grain) { part in
            (z + part.lowerBound).update(from: x + part.lowerBound, count: part.count)
            ck_axpy(1, y + part.lowerBound, z + part.lowerBound, part.count)
        }
        record(output) { tape in
            let dy = tape.outputGradient(output)
            for input in [a, b] where tape.needsGradient(input) {
                tape.accumulate(dy, times: 1, into: input)
            }
        }
        return output
    }

    /// a ⊙ b, element by element, of the same size.
    package func multiply(_ a: Variable, _ b: Variable) -> Variable {
        precondition(a.rows == b.rows && a.columns == b.columns, "products need equal sizes")
        let output = make(
            rows: a.rows, columns: a.columns, needsGradient: needsGradient(a) || needsGradient(b))
        let (x, y, z) = (value(a), value(b), value(output))
        divide(output.count, grain: Self.grain) { part in
            for index in part { z[index] = x[index] * y[index] }
        }
        record(output) { tape in
            let dz = tape.outputGradient(output)
            for (input, other) in [(a, b), (b, a)] where tape.needsGradient(input) {
                let factor = tape.value(other)
                let (dx, adds) = tape.gradient(of: input)
                tape.divide(output.count, grain: Self.grain) { part in
                    for index in part {
                        let slope = dz[index] * factor[index]
                        dx[index] = adds ? dx[index] + slope : slope
                    }
                }
            }
        }
        return output
    }

    /// x · factor
    package func scale(_ x: Variable, by factor: Float) -> Variable {
        guard factor != 1 else { return x }
        let output = make(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        let (from, to) = (value(x), value(output))
        divide(output.count, grain: Self.grain) { part in
            for index in part { to[index] = from[index] * factor }
        }
        record(output) { tape in
            tape.accumulate(tape.outputGradient(output), times: factor, into: x)
        }
        return output
    }

    /// max(x, 0)
    package func relu(_ x: Variable) -> Variable { activate(x, CInt(CK_RELU)) }

    /// x · Φ(x), the exact Gaussian error linear unit (Hendrycks and Gimpel 2016).
    package func gelu(_ x: Variable) -> Variable { activate(x, CInt(CK_GELU)) }

    private func activate(_ x: Variable, _ kind: CInt) -> Variable {
        let output = make(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        let (from, to) = (value(x), value(output))
        divide(output.count, grain: Self.grain) { part in
            (to + part.lowerBound).update(from: from + part.lowerBound, count: part.count)
            ck_activate(kind, to + part.lowerBound, part.count)
        }
        record(output) { tape in
            let (from, dy) = (tape.value(x), tape.outputGradient(output))
            let (dx, adds) = tape.gradient(of: x)
            tape.divide(output.count, grain: Self.grain) { part in
                ck_activate_backward(
                    kind, from + part.lowerBound, dy + part.lowerBound, part.count, adds ? 1 : 0,
                    dx + part.lowerBound)
            }
        }
        return output
    }

    /// Elements become zero with probability `rate`, the others grow by 1 / (1 - rate) (Srivastava
    /// et al. 2014). Which they are depends on the seed and an element's place alone.
    package func dropout(_ x: Variable, rate: Float, seed: UInt64) -> Variable {
        precondition(rate >= 0 && rate < 1)
        guard rate > 0 else { return x }
        let output = make(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        let (from, to) = (value(x), value(output))
        divide(output.count, grain: Self.grain) { part in
            ck_dropout(
                from + part.lowerBound, part.count, seed, UInt64(part.lowerBound), rate, 0,
                to + part.lowerBound)
        }
        record(output) { tape in
            let dy = tape.outputGradient(output)
            let (dx, adds) = tape.gradient(of: x)
            tape.divide(output.count, grain: Self.grain) { part in
                ck_dropout(
                    dy + part.lowerBound, part.count, seed, UInt64(part.lowerBound), rate,
                    adds ? 1 : 0, dx + part.lowerBound)
            }
        }
        return output
    }

    /// Adds `factor` times a gradient of the same size to that of a variable.
    func accumulate(_ dy: UnsafePointer<Float>, times factor: Float, into x: Variable) {
        let (dx, adds) = gradient(of: x)
        divide(x.count, grain: Self.grain) { part in
            if adds {
                ck_axpy(factor, dy + part.lowerBound, dx + part.lowerBound, part.count)
            } else {
                for index in part { dx[index] = dy[index] * factor }
            }
        }
    }
}
