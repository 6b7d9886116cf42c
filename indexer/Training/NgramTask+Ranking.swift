import Learning
import Memory
import Tensors
import Text
import Transformers

/// Spans of a query's passage against spans of others.
///
/// Likelihood teaches what may be written of the right passage, not that it should be likelier than what stands in the
/// passages that are found beside it. So of a share of the pairs a span of the passage and one of each of some passages that
/// BM25 and the encoder find first are drawn, each as if its passage were right, and
///
///     loss = -log softmax(s)_right,    s = log p(span | query)
///
/// is added, a ranked query weighing as much as a taught sequence. LTRGR (Li et al. 2024, "Learning to Rank in Generative
/// Retrieval") has a margin between sums over generated n-grams instead, for which beams would be searched at every step.
extension NgramTask {
    /// Nil where no pair was chosen, or none has a negative.
    func ranking(
        of pairs: [QueryPairs.Pair], against negatives: FoundNegatives, seed: UInt64, taughtRows: Int, on tape: Tape
    ) -> Variable? {
        guard taughtRows > 0 else { return nil }
        var random = SeededGenerator(seed: seed)
        let chosen = pairs.filter { _ in random.unit() < options.rankShare }
        let count = options.rankNegatives
        let seeds = chosen.map { _ in random.next() }
        let others = Parallel.map(count: chosen.count, threads: tape.team.threads) {
            negatives.draw(count, for: chosen[$0].query, seed: seeds[$0])
        }
        var (sources, targets, lengths): ([Int], [GeneratorBatch.Target], [Int]) = ([], [], [])
        for (pair, others) in zip(chosen, others) {
            let spans = ([pair.passage] + others).compactMap { passage in
                span(of: passage, for: pair.query, source: sources.count, random.unit())
            }
            guard spans.count > 1, spans.count == 1 + others.count else { continue }
            sources.append(Int(pair.query))
            targets += spans
            lengths.append(spans.count)
        }
        guard !targets.isEmpty else { return nil }
        let batch = GeneratorBatch(
            states.sources(sources, threads: tape.team.threads), isSpecial: encoder.tokenizer.isSpecial,
            targets: targets)
        return network.rankingLoss(
            batch, groups: Sequences(lengths: lengths), normalizer: Float(taughtRows), on: tape)
    }
}
