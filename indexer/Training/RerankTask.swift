import Engine
import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Teaches a generator's head to tell a query's passage from others that are found for it, over the frozen
/// encoder's states of both.
package final class RerankTask: TrainingTask {
    typealias Options = RerankTraining.Options

    package let network: InteractionNetwork
    private let options: Options
    private let batches: PairBatches
    private let (queries, passages): (StateCache, StateCache)
    private let negatives: FoundNegatives
    /// Nil for the usual one.
    private let loss: (any RankingLoss)?

    package var parameters: ParameterStore { network.parameters }

    init(
        _ network: InteractionNetwork, encoder: SentenceEncoder, pairs: QueryPairs, index: IndexReader, options: Options
    ) throws {
        self.network = network
        self.options = options
        batches = PairBatches(pairs, size: options.batch)
        queries = StateCache(
            encoder, TokenLists(pairs.texts.map { encoder.tokens(of: $0, as: .query).prefix(options.queryLength) }))
        passages = StateCache(
            encoder, try PassageTokens(index).read(by: encoder, atMost: min(options.readLength, encoder.maxTokens)))
        negatives = try FoundNegatives(index, pairs)
        loss = options.loss == RankingLosses.usual ? nil : RankingLosses.named(options.loss)
    }

    package var fingerprint: String {
        var hash = SHA256()
        for list in [queries.texts, passages.texts] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        batches.pairs.withUnsafeBytes { hash.update($0) }
        batches.heldOut.withUnsafeBytes { hash.update($0) }
        return "rerank \(options) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        batches.loss(of: batch) { loss($0, seed: $1, on: tape) }
    }

    /// The mean over batches of all held-out pairs, each among passages of a seed of its own.
    package func heldOutLoss(on tape: Tape) throws -> Double? {
        batches.heldOutLoss(on: tape) { loss($0, seed: $1, on: tape) }
    }

    private func loss(_ pairs: [QueryPairs.Pair], seed: UInt64, on tape: Tape) -> Variable {
        let threads = tape.team.threads
        var random = SeededGenerator(seed: seed)
        let seeds = pairs.map { _ in random.next() }
        let (negatives, count) = (negatives, options.negatives)
        let others = Parallel.map(count: pairs.count, threads: threads) {
            negatives.draw(count, for: pairs[$0].query, seed: seeds[$0])
        }
        let candidates = zip(pairs, others).flatMap { [Int($0.passage)] + $1.map(Int.init) }
        return network.loss(
            queries: stacked(queries.sources(pairs.map { Int($0.query) }, threads: threads)),
            passages: stacked(passages.sources(candidates, threads: threads)),
            candidates: Sequences(lengths: others.map { 1 + $0.count }), by: loss, seed: random.next(), on: tape)
    }

    private func stacked(_ sources: [GeneratorModel.Source]) -> (states: Matrix, sequences: Sequences) {
        let rows = sources.reduce(0) { $0 + $1.states.rows }
        let width = sources.first?.states.columns ?? 0
        return (
            Matrix(rows: rows, columns: width, values: sources.flatMap(\.states.values)),
            Sequences(lengths: sources.map(\.states.rows))
        )
    }
}
