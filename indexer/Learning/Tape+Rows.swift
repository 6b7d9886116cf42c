import CKernels

extension Tape {
    /// The rows of a table that are named, such as the embeddings of tokens: [indices × d].
    package func rows(of table: Parameter, _ indices: [Int32]) -> Variable {
        let d = table.columns
        precondition(indices.allSatisfy { $0 >= 0 && Int($0) < table.rows }, "no such row")
        let output = make(rows: indices.count, columns: d, needsGradient: needsGradient(table))
        gather(table.values.base, d, indices, into: value(output))
        record(output) { tape in
            let (gradient, adds) = table.takeGradient()
            if !adds { gradient.update(repeating: 0, count: table.count) }
            tape.scatter(tape.outputGradient(output), d, indices, into: gradient)
        }
        return output
    }

    /// The rows of a variable that are named, in that order and as often: [indices × columns].
    package func rows(of x: Variable, _ indices: [Int32]) -> Variable {
        precondition(indices.allSatisfy { $0 >= 0 && Int($0) < x.rows }, "no such row")
        let output = make(rows: indices.count, columns: x.columns, needsGradient: needsGradient(x))
        gather(value(x), x.columns, indices, into: value(output))
        record(output) { tape in
            let gradient = tape.zeroedGradient(of: x)
            tape.scatter(tape.outputGradient(output), x.columns, indices, into: gradient)
        }
        return output
    }

    /// A variable of `rows` rows put together from others: row i of a part becomes row places[i].
    /// Every place must be named exactly once.
    package func assemble(_ parts: [(x: Variable, places: [Int32])], rows: Int, columns: Int) -> Variable {
        precondition(parts.allSatisfy { $0.x.rows == $0.places.count && $0.x.columns == columns })
        precondition(parts.reduce(0) { $0 + $1.places.count } == rows, "every row needs a place")
        let output = make(
            rows: rows, columns: columns, needsGradient: parts.contains { needsGradient($0.x) })
        let to = value(output)
        for (x, places) in parts {
            let from = value(x)
            for (row, place) in places.enumerated() {
                precondition(place >= 0 && Int(place) < rows, "no such row")
                (to + Int(place) * columns).update(from: from + row * columns, count: columns)
            }
        }
        record(output) { tape in
            let dy = tape.outputGradient(output)
            for (x, places) in parts where tape.needsGradient(x) {
                let (dx, adds) = tape.gradient(of: x)
                for (row, place) in places.enumerated() {
                    let (from, to) = (dy + Int(place) * columns, dx + row * columns)
                    if adds { ck_axpy(1, from, to, columns) } else { to.update(from: from, count: columns) }
                }
            }
        }
        return output
    }

    /// The mean of each sequence's rows; of an empty one, zeros: [sequences × columns].
    package func meanRows(_ x: Variable, _ sequences: Sequences) -> Variable {
        precondition(sequences.rowCount == x.rows, "the sequences must cover all rows")
        let d = x.columns
        let output = make(rows: sequences.count, columns: d, needsGradient: needsGradient(x))
        let (from, to) = (value(x), value(output))
        divide(sequences.count, grain: 8) { part in
            for index in part {
                let (rows, mean) = (sequences[index], to + index * d)
                mean.update(repeating: 0, count: d)
                for row in rows { ck_axpy(1, from + row * d, mean, d) }
                let share = 1 / Float(max(rows.count, 1))
                for column in 0..<d { mean[column] *= share }
            }
        }
        record(output) { tape in
            let dy = tape.outputGradient(output)
            let dx = tape.zeroedGradient(of: x)
            tape.divide(sequences.count, grain: 8) { part in
                for index in part {
                    let share = 1 / Float(max(sequences[index].count, 1))
                    for row in sequences[index] { ck_axpy(share, dy + index * d, dx + row * d, d) }
                }
            }
        }
        return output
    }

    /// For each row the sum of it and of the rows before it in its sequence: [rows × columns].
    package func prefixSums(_ x: Variable, _ sequences: Sequences) -> Variable {
        precondition(sequences.rowCount == x.rows, "the sequences must cover all rows")
        let d = x.columns
        let output = make(rows: x.rows, columns: d, needsGradient: needsGradient(x))
        let (from, to) = (value(x), value(output))
        divide(sequences.count, grain: 8) { part in
            for index in part {
                for row in sequences[index] {
                    (to + row * d).update(from: from + row * d, count: d)
                    if row > sequences[index].lowerBound { ck_axpy(1, to + (row - 1) * d, to + row * d, d) }
                }
            }
        }
        record(output) { tape in
            // A row counts in its own sum and in all behind it.
            let dy = tape.outputGradient(output)
            tape.divide(sequences.count, grain: 8) { part in
                for index in part {
                    for row in sequences[index].dropFirst().reversed() {
                        ck_axpy(1, dy + row * d, dy + (row - 1) * d, d)
                    }
                }
            }
            tape.accumulate(dy, times: 1, into: x)
        }
        return output
    }

    private func gather(
        _ from: UnsafePointer<Float>, _ d: Int, _ indices: [Int32], into to: UnsafeMutablePointer<Float>
    ) {
        divide(indices.count, grain: 128) { part in
            for row in part { (to + row * d).update(from: from + Int(indices[row]) * d, count: d) }
        }
    }

    /// Adds row i to row indices[i]: threads take columns, so that rows that meet are added in order.
    private func scatter(
        _ from: UnsafePointer<Float>, _ d: Int, _ indices: [Int32], into to: UnsafeMutablePointer<Float>
    ) {
        divide(d, grain: 64) { part in
            for row in indices.indices {
                ck_axpy(
                    1, from + row * d + part.lowerBound, to + Int(indices[row]) * d + part.lowerBound,
                    part.count)
            }
        }
    }
}
