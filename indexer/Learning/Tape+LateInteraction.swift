import CKernels
import Foundation

extension Tape {
    /// The late interaction of each query with each of its candidates (ColBERT, Khattab and Zaharia 2020),
    /// with a share for every token of the query:
    ///
    ///     s(q, p) = scale · Σ_i w_i max_j x_i · y_j,    w = softmax(a) over the query's rows
    ///
    /// The gradient goes to the best row of the passage, of equals the first. An empty passage scores 0.
    ///
    /// - Parameters:
    ///   - x: the queries' rows.
    ///   - a: [rows of x × 1].
    ///   - y: the passages' rows.
    ///   - candidates: the passages of each query.
    /// - Returns: [passages × 1].
    /// - Complexity: the product of each query's rows with those of its passages.
    package func lateInteraction(
        _ x: Variable, _ a: Variable, _ queries: Sequences, _ y: Variable, _ passages: Sequences,
        candidates: Sequences, scale: Float
    ) -> Variable {
        precondition(x.columns == y.columns && a.columns == 1 && a.rows == x.rows, "the rows must fit")
        precondition(queries.rowCount == x.rows && passages.rowCount == y.rows, "the sequences must cover all rows")
        precondition(candidates.count == queries.count && candidates.rowCount == passages.count)
        let d = x.columns
        let output = make(
            rows: passages.count, columns: 1, needsGradient: needsGradient(x) || needsGradient(a) || needsGradient(y))
        let (xs, ys, to) = (value(x), value(y), value(output))
        let shares = keep(x.rows)
        // The best row of a passage for each row of its query, and their product.
        let offsets = (0..<queries.count).reduce(into: [0]) {
            $0.append($0[$1] + queries[$1].count * candidates[$1].count)
        }
        let (best, peaks) = (keep(max(1, offsets[queries.count])), keep(max(1, offsets[queries.count])))
        let logits = value(a)
        divide(queries.count, grain: 1) { part in
            for query in part {
                let rows = queries[query]
                let total = rows.isEmpty ? 0 : ck_log_sum_exp(logits + rows.lowerBound, rows.count)
                for row in rows { shares[row] = exp(logits[row] - total) }
                var place = offsets[query]
                for passage in candidates[query] {
                    var score: Float = 0
                    for row in rows {
                        var (top, peak) = (-1, -Float.infinity)
                        for other in passages[passage] {
                            let product = ck_dot(xs + row * d, ys + other * d, d)
                            if product > peak { (top, peak) = (other, product) }
                        }
                        // Rows of a step are fewer than 2^24, so that a float holds their numbers.
                        (best[place], peaks[place]) = (Float(top), top < 0 ? 0 : peak)
                        score += shares[row] * peaks[place]
                        place += 1
                    }
                    to[passage] = score * scale
                }
            }
        }
        record(output) { tape in
            let (xs, ys, dy) = (tape.value(x), tape.value(y), tape.outputGradient(output))
            let dx = tape.needsGradient(x) ? tape.zeroedGradient(of: x) : nil
            let da = tape.needsGradient(a) ? tape.zeroedGradient(of: a) : nil
            let dys = tape.needsGradient(y) ? tape.zeroedGradient(of: y) : nil
            tape.divide(queries.count, grain: 1) { part in
                for query in part {
                    var place = offsets[query]
                    for passage in candidates[query] {
                        let slope = dy[passage] * scale
                        let rows = queries[query]
                        let own = place..<place + rows.count
                        let mean = zip(rows, own).reduce(Float(0)) { $0 + shares[$1.0] * peaks[$1.1] }
                        for (row, place) in zip(rows, own) {
                            da?[row] += slope * shares[row] * (peaks[place] - mean)
                            let other = Int(best[place])
                            guard other >= 0 else { continue }
                            if let dx { ck_axpy(slope * shares[row], ys + other * d, dx + row * d, d) }
                            if let dys { ck_axpy(slope * shares[row], xs + row * d, dys + other * d, d) }
                        }
                        place += rows.count
                    }
                }
            }
        }
        return output
    }
}
