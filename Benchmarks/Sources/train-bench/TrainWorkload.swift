import Learning
import Tensors
import Transformers

/// Steps on batches that `peers/torch_train.py` makes too.
final class TrainWorkload {
    static let (pairs, source, target) = (192, 14, 11)
    private static let batchCount = 4

    private let network: GeneratorNetwork
    private let tape: Tape
    private let batches: [GeneratorBatch]

    init(network: GeneratorNetwork, team: ThreadTeam) {
        self.network = network
        tape = Tape(team: team)
        batches = (0..<Self.batchCount).map { Self.batch($0, width: network.configuration.width) }
    }

    /// One step; the loss before it.
    func step(_ number: Int) -> Float {
        tape.clear()
        let loss = network.loss(batches[number % Self.batchCount], on: tape)
        tape.backward(loss)
        let store = network.parameters
        let norm = store.gradientNorm(tape.team)
        AdamW(learningRate: 1e-4).update(
            store, step: number + 1, gradientScale: ParameterStore.clipping(norm: norm, to: 1), tape.team)
        return tape.number(loss)
    }

    /// Tokens and states by a rule that any language can follow; a third of each target is copied.
    private static func batch(_ number: Int, width: Int) -> GeneratorBatch {
        func token(_ index: Int, _ stream: Int) -> Int32 {
            Int32((index * 7919 + stream * 104_729) % 29_491 + 1000)
        }
        let rows = pairs * source
        let states = (0..<rows * width).map { index in
            Float((Double((index * 7919 + number * 104_729) % 10_007) / 10_007 - 0.5) * 2)
        }
        let tokens = (0..<rows).map { token($0, number) }
        return GeneratorBatch(
            states: Matrix(rows: rows, columns: width, values: states),
            sources: Sequences(lengths: [Int](repeating: source, count: pairs)),
            // The first and the last are special.
            sourceTokens: tokens.enumerated().map { [0, source - 1].contains($0.offset % source) ? -1 : $0.element },
            targets: (0..<pairs).map { pair in
                .init(
                    source: pair, task: pair % 3,
                    tokens: (0..<target).map { place in
                        place % 3 == 1
                            ? tokens[pair * source + place] : token(pair * target + place, number + 50)
                    })
            })
    }
}
