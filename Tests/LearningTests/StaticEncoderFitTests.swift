import Learning
import Memory
import Tensors
import Testing
import Transformers

@Suite struct StaticEncoderFitTests {
    private static func random(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> Matrix {
        Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(random.unit()) - 0.5 })
    }

    private static func sparse(
        _ rows: Int, _ columns: Int, _ random: inout SeededGenerator
    ) -> (lines: [[(row: Int32, share: Float)]], dense: [[Double]]) {
        let lines = (0..<rows).map { _ in
            (0..<columns).filter { _ in random.unit() < 0.3 }.map { (row: Int32($0), share: Float(random.unit())) }
        }
        let dense = lines.map { line in
            var row = [Double](repeating: 0, count: columns)
            for (column, value) in line { row[Int(column)] = Double(value) }
            return row
        }
        return (lines, dense)
    }

    @Test("Products of sparse rows are those of full ones", arguments: [(0, 3), (1, 1), (5, 70), (130, 9)])
    func products(rows: Int, columns: Int) {
        var random = SeededGenerator(seed: 4)
        let (lines, dense) = Self.sparse(rows, columns, &random)
        let x = SparseRows(lines, columns: columns)
        #expect(x.rowCount == rows && x.columnCount == columns)
        let (b, c) = (Self.random(columns, 5, &random), Self.random(rows, 5, &random))
        let (forward, backward) = (x.times(b, threads: 2), x.transposedTimes(c, threads: 2))
        for i in 0..<rows {
            for j in 0..<5 {
                let sum = (0..<columns).reduce(0) { $0 + dense[i][$1] * Double(b[$1, j]) }
                #expect(abs(Double(forward[i, j]) - sum) < 1e-4)
            }
        }
        for i in 0..<columns {
            for j in 0..<5 {
                let sum = (0..<rows).reduce(0) { $0 + dense[$1][i] * Double(c[$1, j]) }
                #expect(abs(Double(backward[i, j]) - sum) < 1e-4)
            }
        }
        let used = (0..<columns).filter { column in dense.contains { $0[column] != 0 } }
        #expect(x.usedColumns == used)
        #expect(x.selecting(used).columnCount == used.count)
    }

    @Test("The solution has no gradient left, and keeps the prior where the sample says nothing") func optimum() {
        var random = SeededGenerator(seed: 5)
        let (lines, dense) = Self.sparse(40, 12, &random)
        // One column more, which nobody uses.
        let x = SparseRows(lines, columns: 13)
        let (target, prior) = (Self.random(40, 3, &random), Self.random(13, 3, &random))
        var regression = RidgeRegression(ridge: 0.7, threads: 1)
        regression.steps = 60
        let solution = regression.solve(x, target, prior: prior)
        #expect(Array(solution.row(12)) == Array(prior.row(12)))
        for column in 0..<12 {
            for j in 0..<3 {
                var gradient = 0.7 * Double(solution[column, j] - prior[column, j])
                for row in 0..<40 {
                    let predicted = (0..<12).reduce(0) { $0 + dense[row][$1] * Double(solution[$1, j]) }
                    gradient += dense[row][column] * (predicted - Double(target[row, j]))
                }
                #expect(abs(gradient) < 1e-4)
            }
        }
        regression.threads = 3
        #expect(regression.solve(x, target, prior: prior) == solution)
    }

    @Test(
        "Vectors that are sums of tokens are learnt, from a prior and without a useful one", arguments: [true, false])
    func recovery(hasPrior: Bool) {
        var random = SeededGenerator(seed: 6)
        let (vocabulary, d) = (60, 24)
        let truth = Self.random(vocabulary, d, &random)
        let texts = (0..<600).map { _ in (0..<20).map { _ in Int32(random.next() % UInt64(vocabulary)) } }
        var vectors = Matrix(rows: texts.count, columns: d)
        for (row, text) in texts.enumerated() {
            for token in text { for i in 0..<d { vectors[row, i] += truth[Int(token), i] } }
            for i in 0..<d { vectors[row, i] += 0.4 }
        }
        vectors.normalizeRows()
        var frequencies = DocumentFrequencies(vocabularySize: vocabulary + 5)
        for text in texts { frequencies.add(text) }
        #expect(frequencies.tokens.count == vocabulary)
        let prior = hasPrior ? truth : Self.random(vocabulary, d, &random)
        let result = StaticEncoderFit().run(frequencies, texts: texts, vectors: vectors, tokenVectors: prior)
        #expect(result.fitted == 540 && result.cosine > (hasPrior ? 0.97 : 0.9))
        var fit = StaticEncoderFit()
        fit.threads = 1
        let again = fit.run(frequencies, texts: texts, vectors: vectors, tokenVectors: prior)
        #expect(again.encoder.table.codes == result.encoder.table.codes && again.cosine == result.cosine)
    }
}
