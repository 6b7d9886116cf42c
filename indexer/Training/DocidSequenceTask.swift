import Foundation
import Learning
import Storage
import Tensors
import Transformers

/// Teaches a network to write the docids of queries' passages, token by token.
package final class DocidSequenceTask: TrainingTask {
    package let network: DocidSequenceNetwork
    private let states: StateCache
    private let options: DocidTraining.Options
    private let batches: PairBatches
    private let queries: TokenLists
    private let docids: [[Int32]]

    package var parameters: ParameterStore { network.parameters }

    /// - Parameter docids: of all passages.
    init(
        _ network: DocidSequenceNetwork, encoder: SentenceEncoder, pairs: QueryPairs, docids: [[Int32]],
        options: DocidTraining.Options
    ) {
        self.network = network
        self.options = options
        self.docids = docids
        batches = PairBatches(pairs, size: options.batch)
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0, as: .query).prefix(options.queryLength) })
        states = StateCache(encoder, queries)
        network.dropout = options.dropout
    }

    package var fingerprint: String {
        var hash = SHA256()
        let docids = TokenLists(docids)
        for list in [queries, docids] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        batches.pairs.withUnsafeBytes { hash.update($0) }
        batches.heldOut.withUnsafeBytes { hash.update($0) }
        let adaptor = network.configuration.isPrefixAware ? "adaptor " : ""
        return "docid sequences \(adaptor)\(network.configuration.layerCount) \(options) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        batches.loss(of: batch) { loss($0, seed: $1, on: tape) }
    }

    /// The mean over batches of all held-out pairs.
    package func heldOutLoss(on tape: Tape) throws -> Double? {
        batches.heldOutLoss(on: tape) { loss($0, seed: $1, on: tape) }
    }

    private func loss(_ pairs: [QueryPairs.Pair], seed: UInt64, on tape: Tape) -> Variable {
        network.loss(
            states.docidBatch(pairs.map { Int($0.query) }, threads: tape.team.threads),
            docids: pairs.map { docids[Int($0.passage)] }, seed: seed, on: tape)
    }
}
