import Foundation
import Learning
import Tensors
import Testing

@Suite("Gradients are what differences say") struct GradientTests {
    typealias Check = FiniteDifferences

    @Test func linear() {
        let (x, w, b) = (Check.parameter("x", 5, 7), Check.parameter("w", 6, 7), Check.parameter("b", 1, 6))
        Check.check([x, w, b]) { $0.summary($0.linear($0.all(x), w, bias: b)) }
    }

    @Test("A frozen weight passes the gradient on") func frozen() {
        let x = Check.parameter("x", 5, 7)
        let w = Parameter(name: "w", shape: [6, 7], isFrozen: true)
        Initialization.normal(deviation: 0.7).fill(w, seed: 3)
        Check.check([x]) { $0.summary($0.products($0.all(x), with: w, scale: 0.8)) }
        #expect(w.gradientMatrix.values.allSatisfy { $0 == 0 })
    }

    @Test("A variable that is used twice") func sums() {
        let (x, w) = (Check.parameter("x", 4, 6), Check.parameter("w", 6, 6))
        Check.check([x, w]) { tape in
            let a = tape.all(x)
            return tape.summary(tape.add(tape.scale(tape.linear(a, w), by: 0.5), a))
        }
    }

    @Test("Activations", arguments: [true, false]) func activations(isGelu: Bool) {
        let x = Check.parameter("x", 3, 11)
        // Away from the corner of max(x, 0).
        x.update { for index in $0.indices where abs($0[index]) < 0.1 { $0[index] = 0.3 } }
        Check.check([x]) { $0.summary(isGelu ? $0.gelu($0.all(x)) : $0.relu($0.all(x))) }
    }

    @Test(arguments: [5, 8, 19]) func layerNorm(width: Int) {
        let x = Check.parameter("x", 4, width)
        let (gain, bias) = (Check.parameter("gain", 1, width), Check.parameter("bias", 1, width))
        Check.check([x, gain, bias]) {
            $0.summary($0.layerNorm($0.all(x), gain: gain, bias: bias, epsilon: 1e-5))
        }
    }

    @Test func rows() {
        let (x, y) = (Check.parameter("x", 5, 6), Check.parameter("y", 3, 6))
        Check.check([x, y]) { tape in
            let picked = tape.rows(of: tape.rows(of: x, [4, 0, 0, 2, 3, 1, 4]), [1, 6, 2, 2, 5, 3, 4, 0])
            let parts = [(x: picked, places: [7, 0, 10, 2, 3, 4, 8, 6] as [Int32]), (tape.all(y), [5, 1, 9])]
            return tape.summary(tape.assemble(parts, rows: 11, columns: 6))
        }
    }

    @Test func means() {
        let x = Check.parameter("x", 7, 5)
        Check.check([x]) {
            $0.summary($0.scale($0.meanRows($0.all(x), Sequences(lengths: [3, 0, 1, 3])), by: 3))
        }
    }

    @Test("The sums of a sequence's rows so far") func prefixSums() {
        let x = Check.parameter("x", 7, 5)
        let sequences = Sequences(lengths: [3, 0, 1, 3])
        Check.check([x]) { $0.summary($0.prefixSums($0.all(x), sequences)) }
        let tape = Tape()
        let (own, sums) = (x.matrix, tape.matrix(tape.prefixSums(tape.all(x), sequences)))
        for column in 0..<5 {
            #expect(sums[1, column] == own[0, column] + own[1, column])
            #expect(sums[3, column] == own[3, column] && sums[4, column] == own[4, column])
        }
    }

    @Test("Products of elements, also of one with itself") func elementProducts() {
        let (x, y) = (Check.parameter("x", 4, 6), Check.parameter("y", 4, 6, seed: 2))
        Check.check([x, y]) { tape in
            let a = tape.all(x)
            return tape.summary(tape.multiply(tape.multiply(a, tape.all(y)), a))
        }
    }

    @Test func normalizedRows() {
        let x = Check.parameter("x", 4, 6)
        Check.check([x]) { $0.summary($0.scale($0.normalizeRows($0.all(x)), by: 4)) }
    }

    @Test(arguments: [true, false]) func attention(causal: Bool) {
        let parts = ["q", "k", "v"].map { Check.parameter($0, 9, 12) }
        Check.check(parts) { tape in
            tape.summary(
                tape.attention(
                    queries: tape.all(parts[0]), keys: tape.all(parts[1]), values: tape.all(parts[2]),
                    Sequences(lengths: [4, 1, 0, 4]), heads: 2, scale: 0.6, causal: causal))
        }
    }

    @Test("Heads as wide as a tile") func wideHeads() {
        let parts = ["q", "k", "v"].map { Check.parameter($0, 6, 32) }
        Check.check(parts) { tape in
            tape.summary(
                tape.attention(
                    queries: tape.all(parts[0]), keys: tape.all(parts[1]), values: tape.all(parts[2]),
                    Sequences(lengths: [5, 1]), heads: 1, scale: 0.3, causal: false))
        }
    }

    @Test("Targets that share a source") func crossAttention() {
        let (q, k, v) = (Check.parameter("q", 8, 6), Check.parameter("k", 7, 6), Check.parameter("v", 7, 6))
        Check.check([q, k, v]) { tape in
            tape.summary(
                tape.crossAttention(
                    queries: tape.all(q), Sequences(lengths: [3, 1, 2, 2]), keys: tape.all(k),
                    values: tape.all(v), Sequences(lengths: [4, 2, 1]), source: [1, 0, 0, 2], heads: 3,
                    scale: 0.7))
        }
    }

    @Test func dropout() {
        let x = Check.parameter("x", 6, 9)
        Check.check([x]) { $0.summary($0.dropout($0.all(x), rate: 0.3, seed: 11)) }
    }

    @Test("A softmax over a table, trained or not", arguments: [true, false])
    func tableSoftmax(isFrozen: Bool) {
        let (x, b) = (Check.parameter("x", 6, 5), Check.parameter("b", 1, 17))
        let table = Parameter(name: "table", shape: [17, 5], isFrozen: isFrozen)
        Initialization.normal(deviation: 0.7).fill(table, seed: 5)
        Check.check(isFrozen ? [x, b] : [x, b, table]) {
            $0.crossEntropy($0.all(x), against: table, bias: b, scale: 1.7, Check.targets(6, 17))
        }
    }

    @Test("A table too large for one chunk of logits") func chunks() {
        let x = Check.parameter("x", 100, 4)
        let table = Parameter(name: "table", shape: [200_000, 4], isFrozen: true)
        Initialization.normal(deviation: 1).fill(table, seed: 5)
        let targets = SoftTargets(tokens: (0..<100).map { Int32($0 * 1999) })
        let tape = Tape()
        tape.backward(tape.crossEntropy(tape.all(x), against: table, targets))
        let gradient = x.gradientMatrix
        x.clearGradient()
        tape.clear()
        tape.backward(tape.crossEntropy(tape.products(tape.all(x), with: table), targets))
        for (a, b) in zip(gradient.values, x.gradientMatrix.values) { #expect(abs(a - b) < 1e-5) }
    }

    @Test("Candidates of different numbers") func candidates() {
        let (x, y) = (Check.parameter("x", 3, 5), Check.parameter("y", 7, 5))
        let sequences = Sequences(lengths: [3, 0, 4])
        Check.check([x, y]) { tape in
            let scores = tape.candidateProducts(tape.all(x), tape.all(y), sequences, scale: 1.3)
            return tape.crossEntropy(scores, within: sequences, weights: [1, 0, 0.5, 0, 0, 1, 0])
        }
    }

    /// A mixture of five rows, one of which has a source without anything to copy.
    private struct Mixture {
        let x = Check.parameter("x", 5, 6)
        let q = Check.parameter("q", 5, 6)
        let g = Check.parameter("g", 5, 2)
        let keys = Check.parameter("keys", 7, 6)
        let b = Check.parameter("b", 1, 12)
        private let table = Parameter(name: "table", shape: [12, 6], isFrozen: true)
        private let one = Parameter(name: "one", shape: [1, 2], isFrozen: true)

        init() {
            Initialization.normal(deviation: 0.7).fill(table, seed: 5)
            one.update { $0.update(repeating: 0.7) }
        }

        var parameters: [Parameter] { [x, q, g, keys, b] }

        func on(_ tape: Tape) -> CopyMixture {
            CopyMixture(
                tape.all(x), against: table, bias: b, query: tape.all(q), gate: tape.linear(tape.all(g), one),
                CopySource(
                    keys: tape.all(keys), sequences: Sequences(lengths: [4, 1, 2]),
                    tokens: [-1, 3, 4, 3, -1, 6, -1], sourceOfRow: [0, 0, 1, 2, 2]))
        }
    }

    @Test("The copy mixture, with a source that has nothing to copy") func copyMixture() {
        var targets = SoftTargets()
        targets.append([(token: 3, weight: 0.5), (token: 4, weight: 0.5), (token: 9, weight: 0.3)])
        for token in [5, 3, 6, 7] as [Int32] { targets.append(token) }
        let mixture = Mixture()
        Check.check(mixture.parameters) { tape in tape.copyMixtureLoss(mixture.on(tape), targets) }
    }

    @Test("A ranking of sequences, one group of which has nothing to be told from") func rankingGradient() {
        let mixture = Mixture()
        Check.check(mixture.parameters) { tape in
            tape.copyMixtureRanking(
                mixture.on(tape), tokens: [3, 9, 5, 6, 7], Sequences(lengths: [1, 2, 1, 1]),
                groups: Sequences(lengths: [3, 1]), normalizer: 0.3)
        }
    }

    @Test("A ranking is the softmax of sums of log p") func ranking() {
        let (mixture, tape) = (Mixture(), Tape())
        let tokens: [Int32] = [3, 9, 5, 6, 7]
        let rows = (0..<5).map { row in
            var one = SoftTargets()
            for other in 0..<5 { one.append(other == row ? [(token: tokens[row], weight: Float(1))] : []) }
            return tape.number(tape.copyMixtureLoss(mixture.on(tape), one, normalizer: 1))
        }
        let scores = [-(rows[0] + rows[1]), -rows[2], -(rows[3] + rows[4])]
        let expected = -scores[0] + log(scores.map { exp($0) }.reduce(0, +))
        let loss = tape.copyMixtureRanking(
            mixture.on(tape), tokens: tokens, Sequences(lengths: [2, 1, 2]), groups: Sequences(lengths: [3]),
            normalizer: 2)
        #expect(abs(tape.number(loss) - expected / 2) < 1e-5)
    }

    @Test("Late interaction, with an empty passage and passages of different numbers") func lateInteraction() {
        let (x, a) = (Check.parameter("x", 5, 6), Check.parameter("a", 5, 1))
        let y = Check.parameter("y", 9, 6)
        Check.check([x, a, y]) { tape in
            let scores = tape.lateInteraction(
                tape.normalizeRows(tape.all(x)), tape.all(a), Sequences(lengths: [2, 3]),
                tape.normalizeRows(tape.all(y)), Sequences(lengths: [3, 0, 2, 4]),
                candidates: Sequences(lengths: [1, 3]), scale: 1.7)
            return tape.crossEntropy(scores, within: Sequences(lengths: [4]), weights: [0.2, 0.3, 0.4, 0.1])
        }
    }
}
