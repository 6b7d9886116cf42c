import Foundation
import Learning
import Memory
import Storage
import Tensors
import Text
import Transformers

/// Teaches a generator to write spans of a query's passage, its title, and the query from the passage.
///
/// Of each pair a batch has a span whose first token is taught as a distribution over all places where
/// a span may start (``SpanSampler``), the rest as the drawn span's tokens; of a share of the pairs, the
/// title with its end; and of another share the query with its end, for which the passage is read.
package final class NgramTask: TrainingTask {
    typealias Options = NgramTraining.Options

    package let network: GeneratorNetwork
    let encoder: SentenceEncoder
    let states: StateCache
    /// States of passages, for questions.
    let read: StateCache
    let options: Options
    let pairs: [QueryPairs.Pair]
    let heldOut: [QueryPairs.Pair]
    let queries: TokenLists
    let passages: PassageTokens
    let sampler: SpanSampler
    let end: Int32
    private let body: Int
    private let (title, question): (Int?, Int?)
    /// What spans are ranked against; nil where none are.
    private let negatives: FoundNegatives?

    package var parameters: ParameterStore { network.parameters }

    init(
        _ network: GeneratorNetwork, encoder: SentenceEncoder, pairs: QueryPairs, passages: PassageTokens,
        negatives: FoundNegatives?, options: Options
    ) throws {
        let tasks = network.configuration.tasks
        guard let body = tasks.firstIndex(of: "body"), let end = encoder.tokenizer.separatorID else {
            throw TrainingError.noTask("body")
        }
        (self.body, self.end) = (body, end)
        title = tasks.firstIndex(of: "title")
        question = tasks.firstIndex(of: "question")
        guard options.questionShare == 0 || question != nil else {
            throw TrainingError.noTask("question")
        }
        self.network = network
        self.encoder = encoder
        self.options = options
        self.passages = passages
        self.negatives = negatives
        (self.pairs, heldOut) = (pairs.pairs, pairs.heldOut)
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0, as: .query).prefix(options.queryLength) })
        states = StateCache(encoder, queries)
        read = StateCache(encoder, passages.read(by: encoder, atMost: min(options.readLength, encoder.maxTokens)))
        sampler = SpanSampler(
            passages: passages.bodies,
            startsWord: encoder.tokenizer.wordStarts(count: network.configuration.vocabularySize),
            length: options.spanLength, besideWeight: options.besideWeight)
    }

    package var fingerprint: String {
        var hash = SHA256()
        for list in [queries, passages.bodies, passages.titles] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        pairs.withUnsafeBytes { hash.update($0) }
        heldOut.withUnsafeBytes { hash.update($0) }
        return "ngram \(network.configuration.layerCount) \(pairs.count) \(options) \(hash.hex())"
    }

    package func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = (0..<options.batch).map { _ in pairs[Int.random(in: 0..<pairs.count, using: &random)] }
        return TrainingLoss(loss(of: chosen, &random, on: tape), examples: chosen.count)
    }

    /// The mean over batches of all held-out pairs, each with the span of a seed of its own.
    package func heldOutLoss(on tape: Tape) throws -> Double? {
        guard !heldOut.isEmpty else { return nil }
        var random = SeededGenerator(seed: 1)
        var sum = 0.0
        for first in stride(from: 0, to: heldOut.count, by: options.batch) {
            let part = Array(heldOut[first..<min(heldOut.count, first + options.batch)])
            tape.clear()
            sum += Double(tape.number(loss(of: part, &random, on: tape))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }

    /// What spans, titles and questions are taught by, and the ranking's part.
    private func loss(of pairs: [QueryPairs.Pair], _ random: inout SeededGenerator, on tape: Tape) -> Variable {
        let batch = self.batch(pairs, &random, threads: tape.team.threads)
        let taught = network.loss(batch, on: tape)
        guard let negatives else { return taught }
        let rows = batch.targets.reduce(0) { $0 + $1.tokens.count }
        let ranking = ranking(of: pairs, against: negatives, seed: random.next(), taughtRows: rows, on: tape)
        guard let ranking else { return taught }
        return tape.add(taught, ranking)
    }

    private func batch(
        _ pairs: [QueryPairs.Pair], _ random: inout SeededGenerator, threads: Int
    ) -> GeneratorBatch {
        var targets: [GeneratorBatch.Target] = []
        var (answered, asked): ([QueryPairs.Pair], [QueryPairs.Pair]) = ([], [])
        for pair in pairs {
            let draw = (span: random.unit(), title: random.unit(), question: random.unit(), place: random.unit())
            var own: [GeneratorBatch.Target] = []
            if draw.span < options.spanShare,
                let span = span(of: pair.passage, for: pair.query, source: answered.count, draw.place)
            {
                own.append(span)
            }
            let name = passages.titles[Int(pair.passage)]
            if let title, draw.title < options.titleShare, fits(name) {
                own.append(.init(source: answered.count, task: title, tokens: name + [end]))
            }
            if !own.isEmpty { answered.append(pair) }
            targets += own
            if draw.question < options.questionShare, fits(text(of: pair)) { asked.append(pair) }
        }
        if let question {
            for (place, pair) in asked.enumerated() {
                targets.append(
                    .init(source: answered.count + place, task: question, tokens: text(of: pair) + [end]))
            }
        }
        return GeneratorBatch(
            states.sources(answered.map { Int($0.query) }, threads: threads)
                + read.sources(asked.map { Int($0.passage) }, threads: threads),
            isSpecial: encoder.tokenizer.isSpecial, targets: targets)
    }

    /// A span of a passage, drawn by what it shares with the query; nil where the passage is empty.
    func span(of passage: Int32, for query: Int32, source: Int, _ draw: Double) -> GeneratorBatch.Target? {
        let text = passages.bodies[Int(passage)].prefix(options.passageLength)
        guard !text.isEmpty else { return nil }
        let starts = sampler.starts(query: queries[Int(query)], passage: text)
        let place = text.startIndex + SpanSampler.pick(starts, draw)
        let span = text[place..<min(text.endIndex, place + options.spanLength)]
        let first = zip(text, starts).filter { $0.1 > 0 }.map { (token: $0.0, weight: $0.1) }
        return .init(source: source, task: body, tokens: Array(span), first: first)
    }

    /// A query without the special tokens at either end.
    private func text(of pair: QueryPairs.Pair) -> ArraySlice<Int32> {
        queries[Int(pair.query)].dropFirst().dropLast()
    }

    /// Whether a title or a question can be written, with its end.
    private func fits(_ tokens: ArraySlice<Int32>) -> Bool {
        !tokens.isEmpty && tokens.count < network.configuration.maximumLength
    }
}
