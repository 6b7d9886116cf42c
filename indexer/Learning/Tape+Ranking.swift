import Memory

extension Tape {
    /// What the scores of queries' candidates cost by a ranking loss.
    ///
    /// - Parameters:
    ///   - x: [candidates × 1], query after query.
    ///   - grades: of each row.
    ///   - seed: of what the loss draws.
    package func ranking(
        _ x: Variable, within queries: Sequences, grades: [Float], by ranking: any RankingLoss, seed: UInt64
    ) -> Variable {
        precondition(x.columns == 1 && queries.rowCount == x.rows && grades.count == x.rows)
        let loss = make(rows: 1, columns: 1, needsGradient: needsGradient(x))
        var random = SeededGenerator(seed: seed, stream: 31)
        let from = value(x)
        let (cost, gradient) = ranking.evaluate(
            (0..<x.rows).map { Double(from[$0]) }, grades: grades.map(Double.init), queries: queries, &random)
        value(loss)[0] = Float(cost)
        record(loss) { tape in
            let dx = tape.zeroedGradient(of: x)
            let factor = tape.outputGradient(loss)[0]
            for (row, slope) in gradient.enumerated() { dx[row] += factor * Float(slope) }
        }
        return loss
    }
}
