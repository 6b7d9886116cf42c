import Foundation
import Learning
import Tensors
import TestSupport
import Testing

@Suite("The contrastive loss of several texts a target") struct OneToManyTests {
    typealias Check = FiniteDifferences

    @Test("The slope is that of differences", arguments: [[1, 1, 1], [2, 1, 3], [4]]) func slopes(sizes: [Int]) {
        let (x, t) = (Check.parameter("x", sizes.reduce(0, +), 5), Check.parameter("t", sizes.count, 5))
        Check.check([x, t]) { tape in
            tape.oneToMany(
                tape.normalizeRows(tape.all(x)), tape.normalizeRows(tape.all(t)), Sequences(lengths: sizes),
                temperature: 0.5)
        }
    }

    @Test("The value is that of the formula, written out", arguments: [[1, 1], [3, 2, 1], [2]]) func value(sizes: [Int])
    {
        var random = SeededGenerator(seed: UInt64(sizes.count))
        func rows(_ count: Int) -> [[Float]] {
            (0..<count).map { _ in
                let row = (0..<4).map { _ in Float(random.unit() - 0.5) }
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return row.map { $0 / length }
            }
        }
        let (n, m) = (sizes.reduce(0, +), sizes.count)
        let (texts, targets) = (rows(n), rows(m))
        let owners = sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) }
        func s(_ text: Int, _ target: Int) -> Double {
            zip(texts[text], targets[target]).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 0.1
        }
        let toTargets = (0..<n).map { text in
            log((0..<m).reduce(0) { $0 + exp(s(text, $1)) }) - s(text, owners[text])
        }
        let toTexts = (0..<m).map { target -> Double in
            let total = log((0..<n).reduce(0) { $0 + exp(s($1, target)) })
            let own = (0..<n).filter { owners[$0] == target }
            return own.reduce(0) { $0 + total - s($1, target) } / Double(own.count)
        }
        let expected =
            (toTargets.reduce(0, +) / Double(n) + toTexts.reduce(0, +) / Double(m)) / 2
        let tape = Tape(team: ThreadTeam(threads: 1))
        let loss = tape.oneToMany(
            tape.constant(Matrix(rows: n, columns: 4, values: texts.flatMap(\.self))),
            tape.constant(Matrix(rows: m, columns: 4, values: targets.flatMap(\.self))), Sequences(lengths: sizes),
            temperature: 0.1)
        #expect(abs(Double(tape.number(loss)) - expected) < 1e-4)
    }
}
