import Learning
import Memory

/// Pairs that are trained on, and others that measure, in batches.
struct PairBatches {
    let pairs: [QueryPairs.Pair]
    let heldOut: [QueryPairs.Pair]
    /// Pairs of a batch.
    let size: Int

    init(_ pairs: QueryPairs, size: Int) {
        (self.pairs, heldOut, self.size) = (pairs.pairs, pairs.heldOut, size)
    }

    /// The loss of a batch of pairs, drawn with its seed.
    func loss(
        of batch: TrainingBatch, _ loss: ([QueryPairs.Pair], _ seed: UInt64) -> Variable
    ) -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = (0..<size).map { _ in pairs[Int.random(in: 0..<pairs.count, using: &random)] }
        return TrainingLoss(loss(chosen, random.next()), examples: chosen.count)
    }

    /// The mean over batches of all held-out pairs; nil where there are none.
    func heldOutLoss(on tape: Tape, _ loss: ([QueryPairs.Pair], _ seed: UInt64) -> Variable) -> Double? {
        guard !heldOut.isEmpty else { return nil }
        var sum = 0.0
        for first in stride(from: 0, to: heldOut.count, by: size) {
            let part = Array(heldOut[first..<min(heldOut.count, first + size)])
            tape.clear()
            sum += Double(tape.number(loss(part, 0))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }
}
