import Learning
import Tensors
import Testing
import Transformers

@Suite("Results do not depend on threads") struct ThreadTests {
    /// Some sizes that are divided, of odd lengths.
    private func gradients(threads: Int) -> [[Float]] {
        let configuration = GeneratorConfiguration(
            width: 64, layerCount: 2, headCount: 4, feedForwardWidth: 160, maximumLength: 12,
            vocabularySize: 1111)
        let words = Parameter(name: "words", shape: [1111, 64], isFrozen: true)
        Initialization.normal(deviation: 0.5).fill(words, seed: 2)
        let network = GeneratorNetwork(configuration, words: words, seed: 3)
        let sources = Sequences(lengths: (0..<23).map { 3 + $0 % 9 })
        let states = Parameter(name: "states", shape: [sources.rowCount, 64])
        Initialization.normal(deviation: 1).fill(states, seed: 4)
        let batch = GeneratorBatch(
            states: states.matrix, sources: sources,
            sourceTokens: (0..<sources.rowCount).map { Int32($0 * 31 % 1111) },
            targets: (0..<57).map { target in
                .init(
                    source: target * 5 % 23, task: target % 3,
                    tokens: (0..<(1 + target % 11)).map { Int32(($0 * 97 + target * 13) % 1111) })
            })
        let tape = Tape(team: ThreadTeam(threads: threads))
        var results: [[Float]] = []
        for step in 1...3 {
            tape.clear()
            let loss = network.loss(batch, on: tape)
            tape.backward(loss)
            results.append([tape.number(loss), Float(network.parameters.gradientNorm(tape.team))])
            results += network.parameters.parameters.map(\.gradientMatrix.values)
            AdamW(learningRate: 1e-3).update(network.parameters, step: step, tape.team)
        }
        return results + network.parameters.parameters.map(\.matrix.values)
    }

    @Test func generator() {
        let one = gradients(threads: 1)
        #expect(one[0][0].isFinite && one[0][0] > 0)
        for threads in [2, 3] { #expect(gradients(threads: threads) == one) }
    }

    @Test func encoder() throws {
        let fixture = try Fixture()
        func result(threads: Int) throws -> [[Float]] {
            let network = try fixture.encoder()
            network.dropout = 0.2
            let tape = Tape(team: ThreadTeam(threads: threads))
            let texts = (0..<40).map { text in (0..<(1 + text % 10)).map { Int32(($0 + text) % 14) } }
            let table = Parameter(name: "table", shape: [300, network.width], isFrozen: true)
            Initialization.normal(deviation: 1).fill(table, seed: 1)
            tape.backward(
                tape.crossEntropy(
                    network.vectors(texts, on: tape, seed: 9), against: table, scale: 5,
                    SoftTargets(tokens: (0..<40).map { Int32($0 * 7) })))
            return network.parameters.parameters.map(\.gradientMatrix.values)
        }
        #expect(try result(threads: 2) == result(threads: 1))
    }
}
