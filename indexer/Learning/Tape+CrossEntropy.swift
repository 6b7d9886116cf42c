import CKernels
import Foundation

extension Tape {
    /// -Σ w · log softmax(x)_t over the targets (t, w) of all rows, divided by `normalizer`, which is
    /// the number of rows where none is given.
    package func crossEntropy(
        _ x: Variable, _ targets: SoftTargets, normalizer: Float? = nil
    ) -> Variable {
        precondition(targets.count == x.rows && targets.fit(x.columns), "the targets must fit")
        let loss = make(rows: 1, columns: 1, needsGradient: needsGradient(x))
        let (from, n) = (value(x), x.columns)
        let share = 1 / (normalizer ?? Float(max(x.rows, 1)))
        let totals = keep(x.rows)
        divide(x.rows, grain: max(1, 16_384 / max(n, 1))) { part in
            for row in part { totals[row] = ck_log_sum_exp(from + row * n, n) }
        }
        var sum = 0.0
        for row in 0..<x.rows {
            for index in targets[row] {
                let logit = from[row * n + Int(targets.tokens[index])]
                sum += Double(targets.weights[index]) * Double(totals[row] - logit)
            }
        }
        value(loss)[0] = Float(sum * Double(share))
        record(loss) { tape in
            let from = tape.value(x)
            let factor = tape.outputGradient(loss)[0] * share
            let (dx, adds) = tape.gradient(of: x)
            tape.divide(x.rows, grain: max(1, 16_384 / max(n, 1))) { part in
                tape.withRow(n) { slopes in
                    for row in part {
                        slopes.update(from: from + row * n, count: n)
                        let weight = targets[row].reduce(Float(0)) { $0 + targets.weights[$1] }
                        ck_exp_shifted(slopes, n, totals[row], weight * factor)
                        for index in targets[row] {
                            slopes[Int(targets.tokens[index])] -= targets.weights[index] * factor
                        }
                        if adds {
                            ck_axpy(1, slopes, dx + row * n, n)
                        } else {
                            (dx + row * n).update(from: slopes, count: n)
                        }
                    }
                }
            }
        }
        return loss
    }

    /// The inner products of row i of x with the rows of y that sequence i names, times `scale`:
    /// [rows of y × 1]. Candidates of different numbers for each query.
    package func candidateProducts(
        _ x: Variable, _ y: Variable, _ candidates: Sequences, scale: Float = 1
    ) -> Variable {
        precondition(candidates.count == x.rows && candidates.rowCount == y.rows)
        precondition(x.columns == y.columns, "inner products need equal widths")
        let d = x.columns
        let output = make(
            rows: y.rows, columns: 1, needsGradient: needsGradient(x) || needsGradient(y))
        let (xs, ys, to) = (value(x), value(y), value(output))
        divide(x.rows, grain: 4) { part in
            for query in part {
                for row in candidates[query] { to[row] = ck_dot(xs + query * d, ys + row * d, d) * scale }
            }
        }
        record(output) { tape in
            let (xs, ys, dy) = (tape.value(x), tape.value(y), tape.outputGradient(output))
            let dx = tape.needsGradient(x) ? tape.zeroedGradient(of: x) : nil
            let dys = tape.needsGradient(y) ? tape.zeroedGradient(of: y) : nil
            tape.divide(x.rows, grain: 4) { part in
                for query in part {
                    for row in candidates[query] {
                        if let dx { ck_axpy(dy[row] * scale, ys + row * d, dx + query * d, d) }
                        if let dys { ck_axpy(dy[row] * scale, xs + query * d, dys + row * d, d) }
                    }
                }
            }
        }
        return output
    }

    /// The cross-entropy of a softmax within each sequence of a column: -Σ w · log softmax(x), where
    /// `weights` has an entry for each row of x, divided by `normalizer`, which is the number of
    /// sequences where none is given.
    package func crossEntropy(
        _ x: Variable, within sequences: Sequences, weights: [Float], normalizer: Float? = nil
    ) -> Variable {
        precondition(x.columns == 1 && sequences.rowCount == x.rows && weights.count == x.rows)
        let loss = make(rows: 1, columns: 1, needsGradient: needsGradient(x))
        let share = 1 / (normalizer ?? Float(max(sequences.count, 1)))
        let (from, totals) = (value(x), keep(max(sequences.count, 1)))
        var sum = 0.0
        for index in 0..<sequences.count where !sequences[index].isEmpty {
            let rows = sequences[index]
            totals[index] = ck_log_sum_exp(from + rows.lowerBound, rows.count)
            for row in rows { sum += Double(weights[row]) * Double(totals[index] - from[row]) }
        }
        value(loss)[0] = Float(sum * Double(share))
        record(loss) { tape in
            let (from, dx) = (tape.value(x), tape.zeroedGradient(of: x))
            let factor = tape.outputGradient(loss)[0] * share
            for index in 0..<sequences.count {
                let weight = sequences[index].reduce(Float(0)) { $0 + weights[$1] }
                for row in sequences[index] {
                    dx[row] += (exp(from[row] - totals[index]) * weight - weights[row]) * factor
                }
            }
        }
        return loss
    }

    /// A row of floats on the stack or the heap, of the calling thread.
    func withRow(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(count, 1)) {
            if let base = $0.baseAddress { body(base) }
        }
    }
}
