import Engine
import Foundation
import IndexStore
import Learning
import Memory
import Ranking
import Search
import Storage
import Tensors
import Transformers

/// Teaches an encoder to turn queries into vectors that find their passages' vectors, which stay as they
/// are (Zhan et al. 2021).
///
/// The loss of a query is the cross-entropy of softmax(q · passages / temperature) with its passages, each
/// of which has the same share, over all passages of the index or over some of them (``DenseNegatives``).
package final class DenseTask: TrainingTask {
    typealias Options = DenseTraining.Options

    package let network: EncoderNetwork
    let options: Options
    let queries: TokenLists
    let training, heldOut: JudgedQueries
    let vectors: PassageVectors
    /// All vectors, where the softmax is over all.
    private let table: Parameter?
    let mined: MinedNegatives?
    /// Nil for the usual one.
    private let ranking: (any RankingLoss)?
    private let model: String

    package var parameters: ParameterStore { network.parameters }

    /// - Parameter encoder: what training starts from; `network` has its weights.
    init(
        _ network: EncoderNetwork, encoder: SentenceEncoder, pairs: QueryPairs, index: IndexReader,
        vectors: PassageVectors, options: Options, threads: Int
    ) throws {
        self.network = network
        self.options = options
        self.vectors = vectors
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0, as: .query).prefix(options.queryLength) })
        ranking = options.loss == RankingLosses.usual ? nil : RankingLosses.named(options.loss)
        (training, heldOut) = (JudgedQueries(pairs.pairs), JudgedQueries(pairs.heldOut))
        table = options.negatives == .all ? vectors.table() : nil
        mined =
            options.negatives == .static || options.negatives == .mixed
            ? try MinedNegatives(
                training, texts: pairs.texts, tokens: queries, index: index, encoder: encoder, vectors: vectors,
                count: options.negativeCount, threads: threads) : nil
        model = "\(try encoder.modelHash()) \(index.manifest.corpus.sha256) \(index.manifest.encoder?.sha256 ?? "")"
    }

    package var fingerprint: String {
        var hash = SHA256()
        for list in [queries, training.passages, heldOut.passages] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        for numbers in [training.queries, heldOut.queries] { numbers.withUnsafeBytes { hash.update($0) } }
        return "dense \(options) \(model) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = (0..<options.batch).map { _ in Int.random(in: 0..<training.count, using: &random) }
        let x = encode(chosen.map { training.queries[$0] }, on: tape, seed: random.next())
        let passages = chosen.map { training.passages[$0] }
        guard table == nil else { return TrainingLoss(loss(x, passages, over: [], on: tape), examples: chosen.count) }
        let others =
            if let mined {
                chosen.map { Array(mined.lists[$0]) }
            } else {
                foundFirst(x, passages, on: tape)
            }
        let shared = options.negatives == .mixed ? sharedNegatives(passages, &random) : []
        let cost = loss(x, passages, over: others.map { $0 + shared }, seed: random.next(), on: tape)
        return TrainingLoss(cost, examples: chosen.count)
    }

    /// As the training's loss; without a full softmax, over what the encoder finds first.
    package func heldOutLoss(on tape: Tape) throws -> Double? {
        guard heldOut.count > 0 else { return nil }
        var sum = 0.0
        for part in heldOutBatches {
            tape.clear()
            let x = encode(part.map { heldOut.queries[$0] }, on: tape)
            let passages = part.map { heldOut.passages[$0] }
            let others = table == nil ? foundFirst(x, passages, on: tape) : []
            sum += Double(tape.number(loss(x, passages, over: others, on: tape))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }

    var heldOutBatches: [Range<Int>] {
        stride(from: 0, to: heldOut.count, by: options.batch).map { $0..<min(heldOut.count, $0 + options.batch) }
    }

    /// The vectors of queries, [queries × d].
    func encode(_ numbers: [Int32], on tape: Tape, seed: UInt64 = 0) -> Variable {
        network.vectors(numbers.map { Array(queries[Int($0)]) }, on: tape, seed: seed)
    }
}

// MARK: The loss

extension DenseTask {
    /// - Parameter others: the passages besides its own that each row is told from; those that are its own
    ///   are passed over, and one that is named twice counts once. Not read where the softmax is over all.
    private func loss(
        _ x: Variable, _ passages: [ArraySlice<Int32>], over others: [[Int32]], seed: UInt64 = 0, on tape: Tape
    ) -> Variable {
        if let table {
            var targets = SoftTargets()
            for own in passages { targets.append(own.map { (token: $0, weight: 1 / Float(own.count)) }) }
            return tape.crossEntropy(x, against: table, scale: 1 / options.temperature, targets)
        }
        var (candidates, weights, lengths): ([Int32], [Float], [Int]) = ([], [], [])
        for (own, others) in zip(passages, others) {
            var seen = Set(own)
            let negatives = others.filter { seen.insert($0).inserted }
            candidates += own + negatives
            weights += own.map { _ in 1 / Float(own.count) } + negatives.map { _ in 0 }
            lengths.append(own.count + negatives.count)
        }
        let y = tape.constant(rows: candidates.count, columns: vectors.dimension) {
            vectors.copy(candidates, into: $0)
        }
        let sequences = Sequences(lengths: lengths)
        let scores = tape.candidateProducts(x, y, sequences, scale: 1 / options.temperature)
        guard let ranking else { return tape.crossEntropy(scores, within: sequences, weights: weights) }
        return tape.ranking(
            scores, within: sequences, grades: weights.map { $0 > 0 ? 1 : 0 }, by: ranking, seed: seed)
    }

    /// What the encoder, as it is now, finds first besides a query's own passages.
    private func foundFirst(_ x: Variable, _ passages: [ArraySlice<Int32>], on tape: Tape) -> [[Int32]] {
        let most = passages.map(\.count).max() ?? 0
        let found = vectors.best(options.negativeCount + most, of: tape.matrix(x), threads: tape.team.threads)
        return zip(found, passages).map { found, own in
            Array(found.map(\.passage.rawValue).filter { !own.contains($0) }.prefix(options.negativeCount))
        }
    }

    /// Random passages and those of the batch, none twice.
    private func sharedNegatives(_ passages: [ArraySlice<Int32>], _ random: inout SeededGenerator) -> [Int32] {
        let drawn = (0..<options.negativeCount).map { _ in Int32.random(in: 0..<Int32(vectors.count), using: &random) }
        return Set(drawn + passages.flatMap { $0 }).sorted()
    }
}

// MARK: What it finds

extension DenseTask {
    /// The mean reciprocal rank at 10 of the held-out queries in an exact scan of the whole index; nil without
    /// any.
    func heldOutReciprocalRank(on tape: Tape) -> Double? {
        guard heldOut.count > 0 else { return nil }
        let records = tape.recordsGradients
        tape.recordsGradients = false
        defer { tape.recordsGradients = records }
        var sum = 0.0
        for part in heldOutBatches {
            tape.clear()
            let x = tape.matrix(encode(part.map { heldOut.queries[$0] }, on: tape))
            for (row, found) in vectors.best(10, of: x, threads: tape.team.threads).enumerated() {
                let own = heldOut.passages[part.lowerBound + row]
                if let place = found.firstIndex(where: { own.contains($0.passage.rawValue) }) {
                    sum += 1 / Double(place + 1)
                }
            }
        }
        return sum / Double(heldOut.count)
    }
}
