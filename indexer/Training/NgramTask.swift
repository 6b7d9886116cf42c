import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Teaches a generator to write spans of a query's passage, and its title.
///
/// Of each pair a batch has a span whose first token is taught as a distribution over all places where
/// a span may start (``SpanSampler``), the rest as the drawn span's tokens; and, of a share of the
/// pairs, the title with its end.
public final class NgramTask: TrainingTask {
    public struct Options: Sendable, Equatable {
        /// Pairs of a batch.
        public var batch = 192
        /// Tokens of a span.
        public var spanLength = 6
        /// The share of pairs that teach the title too.
        public var titleShare = 0.15
        /// The most tokens of a query, and of a passage.
        public var queryLength = 64
        public var passageLength = 500

        public init() {}
    }

    public let network: GeneratorNetwork
    let encoder: SentenceEncoder
    private let states: StateCache
    let options: Options
    let pairs: [QueryPairs.Pair]
    let heldOut: [QueryPairs.Pair]
    let queries: TokenLists
    let passages: PassageTokens
    let sampler: SpanSampler
    let end: Int32
    private let (body, title): (Int, Int?)

    public var parameters: ParameterStore { network.parameters }

    init(
        _ network: GeneratorNetwork, encoder: SentenceEncoder, pairs: QueryPairs, passages: PassageTokens,
        options: Options
    ) throws {
        let tasks = network.configuration.tasks
        guard let body = tasks.firstIndex(of: "body"), let end = encoder.tokenizer.separatorID else {
            throw TrainingError.unfit("the generator has no task \"body\"")
        }
        (self.body, self.end) = (body, end)
        title = tasks.firstIndex(of: "title")
        self.network = network
        self.encoder = encoder
        self.options = options
        self.passages = passages
        (self.pairs, heldOut) = (pairs.pairs, pairs.heldOut)
        queries = TokenLists(pairs.texts.map { encoder.tokens(of: $0).prefix(options.queryLength) })
        states = StateCache(encoder, queries)
        sampler = SpanSampler(
            passages: passages.bodies,
            startsWord: encoder.tokenizer.wordStarts(count: network.configuration.vocabularySize),
            length: options.spanLength)
    }

    public var fingerprint: String {
        var hash = SHA256()
        for list in [queries, passages.bodies, passages.titles] {
            list.offsets.withUnsafeBytes { hash.update($0) }
            list.tokens.withUnsafeBytes { hash.update($0) }
        }
        pairs.withUnsafeBytes { hash.update($0) }
        heldOut.withUnsafeBytes { hash.update($0) }
        return "ngram \(network.configuration.layerCount) \(pairs.count) \(options) \(hash.hex())"
    }

    public func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss {
        var random = SeededGenerator(seed: batch.seed)
        let chosen = (0..<options.batch).map { _ in pairs[Int.random(in: 0..<pairs.count, using: &random)] }
        let batch = self.batch(chosen, &random, threads: tape.team.threads)
        return TrainingLoss(network.loss(batch, on: tape), examples: chosen.count)
    }

    /// The mean over batches of all held-out pairs, each with the span of a seed of its own.
    public func heldOutLoss(on tape: Tape) throws -> Double? {
        guard !heldOut.isEmpty else { return nil }
        var random = SeededGenerator(seed: 1)
        var sum = 0.0
        for first in stride(from: 0, to: heldOut.count, by: options.batch) {
            let part = Array(heldOut[first..<min(heldOut.count, first + options.batch)])
            tape.clear()
            let batch = self.batch(part, &random, threads: tape.team.threads)
            sum += Double(tape.number(network.loss(batch, on: tape))) * Double(part.count)
        }
        return sum / Double(heldOut.count)
    }

    private func batch(
        _ pairs: [QueryPairs.Pair], _ random: inout SeededGenerator, threads: Int
    ) -> GeneratorBatch {
        var targets: [GeneratorBatch.Target] = []
        for (source, pair) in pairs.enumerated() {
            let passage = passages.bodies[Int(pair.passage)].prefix(options.passageLength)
            if !passage.isEmpty {
                let starts = sampler.starts(query: queries[Int(pair.query)], passage: passage)
                let place = passage.startIndex + SpanSampler.pick(starts, random.unit())
                let span = passage[place..<min(passage.endIndex, place + options.spanLength)]
                let first = zip(passage, starts).filter { $0.1 > 0 }.map { (token: $0.0, weight: $0.1) }
                targets.append(.init(source: source, task: body, tokens: Array(span), first: first))
            }
            let teachesTitle = random.unit() < options.titleShare
            let name = passages.titles[Int(pair.passage)]
            if let title, teachesTitle, !name.isEmpty, name.count < network.configuration.maximumLength {
                targets.append(.init(source: source, task: title, tokens: name + [end]))
            }
        }
        return GeneratorBatch(
            states.sources(pairs.map { Int($0.query) }, threads: threads),
            isSpecial: encoder.tokenizer.isSpecial, targets: targets)
    }
}
