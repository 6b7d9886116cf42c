import CKernels

extension Tape {
    /// (x - mean) / √(variance + epsilon) · gain + bias for each row (Ba, Kiros and Hinton 2016).
    package func layerNorm(
        _ x: Variable, gain: Parameter, bias: Parameter, epsilon: Float
    ) -> Variable {
        precondition(gain.count == x.columns && bias.count == x.columns)
        let output = make(
            rows: x.rows, columns: x.columns,
            needsGradient: needsGradient(x) || needsGradient(gain) || needsGradient(bias))
        let (from, to, d) = (value(x), value(output), x.columns)
        let moments = keep(2 * x.rows)
        divide(x.rows, grain: 32) { part in
            ck_layer_norm_forward(
                from + part.lowerBound * d, part.count, d, gain.values.base, bias.values.base, epsilon,
                to + part.lowerBound * d, moments + 2 * part.lowerBound)
        }
        record(output) { tape in
            let (from, dy) = (tape.value(x), tape.outputGradient(output))
            if tape.needsGradient(x) {
                let (dx, adds) = tape.gradient(of: x)
                tape.divide(x.rows, grain: 32) { part in
                    let start = part.lowerBound * d
                    ck_layer_norm_backward(
                        from + start, dy + start, moments + 2 * part.lowerBound, part.count, d,
                        gain.values.base, adds ? 1 : 0, dx + start)
                }
            }
            if tape.needsGradient(gain) || tape.needsGradient(bias) {
                precondition(!gain.isFrozen && !bias.isFrozen, "gain and bias are trained together")
                let (dgain, adds) = gain.takeGradient()
                let (dbias, biasAdds) = bias.takeGradient()
                precondition(adds == biasAdds)
                tape.divide(d, grain: 128) { part in
                    ck_layer_norm_weights(
                        from, dy, moments, x.rows, d, part.lowerBound, part.upperBound, adds ? 1 : 0,
                        dgain, dbias)
                }
            }
        }
        return output
    }

    /// Rows of length one; rows of zeros stay, and pass no gradient.
    package func normalizeRows(_ x: Variable) -> Variable {
        let output = make(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        let (from, to, d) = (value(x), value(output), x.columns)
        let inverses = keep(x.rows)
        divide(x.rows, grain: 64) { part in
            for row in part {
                let length = ck_dot(from + row * d, from + row * d, d).squareRoot()
                inverses[row] = length > 0 ? 1 / length : 0
                for index in row * d..<(row + 1) * d { to[index] = from[index] * inverses[row] }
            }
        }
        record(output) { tape in
            let (y, dy) = (tape.value(output), tape.outputGradient(output))
            let (dx, adds) = tape.gradient(of: x)
            tape.divide(x.rows, grain: 64) { part in
                for row in part {
                    let along = ck_dot(y + row * d, dy + row * d, d)
                    for index in row * d..<(row + 1) * d {
                        let slope = (dy[index] - y[index] * along) * inverses[row]
                        dx[index] = adds ? dx[index] + slope : slope
                    }
                }
            }
        }
        return output
    }
}
