import Foundation
import Memory
import Tensors
import TestSupport
import Testing

@Suite struct KernelTests {
    @Test("Softmax against double precision", arguments: [1, 3, 8, 16, 17, 150])
    func softmax(columns: Int) {
        var generator = SeededGenerator(seed: 6)
        let x = Matrix.random(5, columns, &generator, scale: 30)
        var y = x
        y.softmaxRows()
        for row in 0..<5 {
            let top = Double(x.row(row).max()!)
            let e = x.row(row).map { exp(Double($0) - top) }
            let total = e.reduce(0, +)
            for (got, want) in zip(y.row(row), e) { #expect(abs(Double(got) - want / total) < 1e-6) }
        }
    }

    @Test("Layer norm against double precision", arguments: [1, 7, 32, 100, 384])
    func layerNorm(columns: Int) {
        var generator = SeededGenerator(seed: 7)
        let x = Matrix.random(4, columns, &generator, scale: 3)
        let gain = Matrix.random(1, columns, &generator).values
        let bias = Matrix.random(1, columns, &generator).values
        var y = x
        y.layerNormRows(gain: gain, bias: bias, epsilon: 1e-5)
        for row in 0..<4 {
            let values = x.row(row).map(Double.init)
            let mean = values.reduce(0, +) / Double(columns)
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(columns)
            for i in 0..<columns {
                let want =
                    (values[i] - mean) / (variance + 1e-5).squareRoot() * Double(gain[i])
                    + Double(bias[i])
                #expect(abs(Double(y[row, i]) - want) < 2e-5)
            }
        }
    }

    @Test func gelu() {
        let inputs = (-1200...1200).map { Float($0) / 100 }
        var y = Matrix(rows: 1, columns: inputs.count, values: inputs)
        y.gelu()
        for (x, got) in zip(inputs, y.values) {
            let want = 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot())
            #expect(abs(Double(got) - want) < 1e-6)
        }
    }

    @Test func normalisedRows() {
        var x = Matrix(rows: 2, columns: 2, values: [3, 4, 0, 0])
        x.normalizeRows()
        #expect(x.values == [0.6, 0.8, 0, 0])
    }

    @Test("Every index once, whatever the number of threads", arguments: [1, 2, 3, 8])
    func parallel(threads: Int) {
        for count in [0, 1, 2, 7, 1000] {
            var sums = [Float](repeating: 0, count: max(count, 1))
            sums.withUnsafeMutableBufferPointer { buffer in
                let rows = SharedRows(buffer, columns: 1)
                Parallel.forEach(count: count, threads: threads) { rows[$0][0] += Float($0) + 1 }
                Parallel.forEachRange(count: count, grain: 3, threads: threads) { range in
                    for index in range { rows[index][0] += 1 }
                }
            }
            for index in 0..<count { #expect(sums[index] == Float(index) + 2) }
        }
    }
}
