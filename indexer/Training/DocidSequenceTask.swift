import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Teaches a network to write the docids of queries' passages, token by token.
public final class DocidSequenceTask: TrainingTask {
    public let network: DocidSequenceNetwork
    private let states: StateCache
    private let options: DocidTask.Options
    private let pairs: [QueryPairs.Pair]
    private let heldOut: [QueryPairs.Pair]
    private let queries: TokenLists
    private let docids: [[Int32]]

    public var parameters: ParameterStore { network.parameters }

    /// - Parameter docids: of all passages.
    init(
        _ network: DocidSequenceNetwork, encoder: SentenceEncoder, pairs: QueryPairs, docids: [[Int32]],
        options: DocidTask.Options
    ) {
        self.network = network
        self.options = options
        self.docids = docids
        (self.pairs, heldOut) = (pairs.pairs, pairs.heldOut)
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0).prefix(options.queryLength) })
        states = StateCache(encoder, queries)
        network.dropout = options.dropout
    }

    public var fingerprint: String {
        var hash = SHA256()
        let docids = TokenLists(docids)
        for list in [queries, docids] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        pairs.withUnsafeBytes { hash.update($0) }
        heldOut.withUnsafeBytes { hash.update($0) }
        return "docid sequences \(network.configuration.layerCount) \(options) \(hash.hex())"
    }

    public func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = (0..<options.batch).map { _ in pairs[Int.random(in: 0..<pairs.count, using: &random)] }
        return TrainingLoss(loss(chosen, seed: random.next(), on: tape), examples: chosen.count)
    }

    /// The mean over batches of all held-out pairs.
    public func heldOutLoss(on tape: Tape) throws -> Double? {
        guard !heldOut.isEmpty else { return nil }
        var sum = 0.0
        for first in stride(from: 0, to: heldOut.count, by: options.batch) {
            let part = Array(heldOut[first..<min(heldOut.count, first + options.batch)])
            tape.clear()
            sum += Double(tape.number(loss(part, seed: 0, on: tape))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }

    private func loss(_ pairs: [QueryPairs.Pair], seed: UInt64, on tape: Tape) -> Variable {
        network.loss(
            states.docidBatch(pairs.map { Int($0.query) }, threads: tape.team.threads),
            docids: pairs.map { docids[Int($0.passage)] }, seed: seed, on: tape)
    }
}
