import Corpora
import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Teaches one encoder to give texts and their targets near vectors, each told from the others of its batch.
package final class PairTask: TrainingTask {
    typealias Options = PairTraining.Options

    package let network: EncoderNetwork
    private let options: Options
    /// Of each group its target, then its texts.
    private let groups, heldOut: [[[Int32]]]
    private let start: String

    package var parameters: ParameterStore { network.parameters }

    init(_ network: EncoderNetwork, encoder: SentenceEncoder, pairs: TextPairs, options: Options) throws {
        (self.network, self.options) = (network, options)
        func tokens(_ text: String, _ role: EncoderRole) -> [Int32] {
            Array(encoder.tokens(of: text, as: role).prefix(options.length))
        }
        func read(_ groups: [TextPairs.Group]) -> [[[Int32]]] {
            groups.map { [tokens($0.target, .passage)] + $0.texts.map { tokens($0, .query) } }
        }
        (groups, heldOut) = (read(pairs.groups), read(pairs.heldOut))
        start = try encoder.modelHash()
    }

    package var fingerprint: String {
        var hash = SHA256()
        for list in [groups, heldOut] {
            for texts in list { for text in texts { text.withUnsafeBytes { hash.update($0) } } }
            hash.update("\(list.map(\.count))")
        }
        return "pairs \(options) \(start) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = random.sample(min(options.batch, groups.count), of: groups.count).map { groups[Int($0)] }
        return TrainingLoss(loss(chosen, &random, on: tape), examples: chosen.count)
    }

    package func heldOutLoss(on tape: Tape) throws -> Double? {
        guard !heldOut.isEmpty else { return nil }
        var sum = 0.0
        for first in stride(from: 0, to: heldOut.count, by: options.batch) {
            let part = Array(heldOut[first..<min(heldOut.count, first + options.batch)])
            tape.clear()
            var random = SeededGenerator(seed: 0)
            sum += Double(tape.number(loss(part, &random, on: tape))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }

    /// Of each group so many texts at most, drawn.
    private func loss(_ groups: [[[Int32]]], _ random: inout SeededGenerator, on tape: Tape) -> Variable {
        var (texts, lengths): ([[Int32]], [Int]) = ([], [])
        for group in groups {
            let own = group.count - 1
            let chosen = random.sample(min(own, options.texts), of: own).map { group[1 + Int($0)] }
            texts += chosen
            lengths.append(chosen.count)
        }
        let seed = random.next()
        let x = network.vectors(texts, on: tape, seed: seed)
        let y = network.vectors(groups.map { $0[0] }, on: tape, seed: seed &+ 1)
        return tape.oneToMany(x, y, Sequences(lengths: lengths), temperature: options.temperature)
    }

    /// How well held-out texts find their targets among all held-out ones: the mean reciprocal rank, and the share whose target is first.
    func quality(on tape: Tape) -> PairTraining.Quality? {
        guard !heldOut.isEmpty else { return nil }
        let records = tape.recordsGradients
        tape.recordsGradients = false
        defer { tape.recordsGradients = records }
        func vectors(_ texts: [[Int32]]) -> [[Float]] {
            stride(from: 0, to: texts.count, by: options.batch).flatMap { first -> [[Float]] in
                tape.clear()
                let part = Array(texts[first..<min(texts.count, first + options.batch)])
                let found = tape.matrix(network.vectors(part, on: tape))
                return (0..<found.rows).map { Array(found.row($0)) }
            }
        }
        let targets = vectors(heldOut.map { $0[0] })
        var (sum, first, count) = (0.0, 0, 0)
        for (place, group) in heldOut.enumerated() {
            for text in vectors(Array(group.dropFirst())) {
                let scores = targets.map { Vector.dot($0, text) }
                // Of equals the right one comes last.
                let rank = 1 + scores.indices.count { $0 != place && scores[$0] >= scores[place] }
                sum += 1 / Double(rank)
                first += rank == 1 ? 1 : 0
                count += 1
            }
        }
        return PairTraining.Quality(reciprocalRank: sum / Double(count), first: Double(first) / Double(count))
    }
}
