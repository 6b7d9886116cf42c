import Foundation
import Learning
import Storage
import Tensors
import Transformers

/// Teaches a docid network to project queries towards the docids of their passages' entries.
///
/// At each level any prefix of an entry of the passage is right, among all prefixes of that length; at
/// the end any entry of the passage, among all entries. The entries' own vectors may learn too
/// (DynamicRetriever's OverDense, Zhou et al. 2023).
package final class DocidTask: TrainingTask {
    typealias Options = DocidTraining.Options

    package let network: DocidNetwork
    private let encoder: SentenceEncoder
    private let states: StateCache
    private let options: Options
    private let inverseTemperature: Float
    private let batches: PairBatches
    private let queries: TokenLists
    private let tables: DocidTables
    /// The queries' vectors where another encoder gives them than the one whose states are read,
    /// [queries × d].
    private let vectors: Matrix?

    package let parameters = ParameterStore()

    init(
        _ network: DocidNetwork, encoder: SentenceEncoder, queryEncoder: SentenceEncoder? = nil,
        pairs: QueryPairs, tables: DocidTables, inverseTemperature: Float, options: Options
    ) {
        self.network = network
        self.encoder = encoder
        self.options = options
        self.inverseTemperature = inverseTemperature
        self.tables = tables
        batches = PairBatches(pairs, size: options.batch)
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0, as: .query).prefix(options.queryLength) })
        states = StateCache(encoder, queries)
        let queries = queries
        vectors = queryEncoder?.encodeAll(tokens: (0..<queries.count).map { Array(queries[$0]) })
        network.dropout = options.dropout
        for parameter in network.parameters.parameters + tables.trained { parameters.add(parameter) }
    }

    package var fingerprint: String {
        var hash = SHA256()
        queries.offsets.withUnsafeBytes { hash.update($0) }
        queries.tokens.withUnsafeBytes { hash.update($0) }
        batches.pairs.withUnsafeBytes { hash.update($0) }
        batches.heldOut.withUnsafeBytes { hash.update($0) }
        vectors?.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        tables.update(&hash)
        return "docid \(network.configuration.layerCount) \(inverseTemperature) \(options) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        batches.loss(of: batch) { loss($0, seed: $1, on: tape) }
    }

    /// The mean over batches of all held-out pairs.
    package func heldOutLoss(on tape: Tape) throws -> Double? {
        batches.heldOutLoss(on: tape) { loss($0, seed: $1, on: tape) }
    }

    private func loss(_ pairs: [QueryPairs.Pair], seed: UInt64, on tape: Tape) -> Variable {
        let queries = pairs.map { Int($0.query) }
        var batch = states.docidBatch(queries, threads: tape.team.threads)
        if let vectors {
            batch.vectors = Matrix(
                rows: queries.count, columns: vectors.columns, values: queries.flatMap { vectors.row($0) })
        }
        return network.loss(
            batch, tables.levels(of: pairs.map(\.passage)), inverseTemperature: inverseTemperature, seed: seed, on: tape
        )
    }
}
