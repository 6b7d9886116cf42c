import Engine
import FMIndex
import Foundation
import Memory
import Ranking
import Search
import Transformers

/// How well n-grams find the passages of held-out queries, with one generator or another.
package struct NgramValidation {
    private let index: IndexReader
    private let queries: [Query]
    private let relevant: [Set<Int32>]
    private let threads: Int
    private let monitor: WorkMonitor

    /// At most `count` of the held-out queries, drawn with a seed.
    package init(
        _ index: IndexReader, _ pairs: QueryPairs, count: Int = 200, seed: UInt64, threads: Int = Parallel.cores,
        _ clock: WorkClock
    ) throws {
        let passages = Dictionary(grouping: pairs.heldOut, by: \.query).mapValues { Set($0.map(\.passage)) }
        let all = passages.keys.sorted()
        var random = SeededGenerator(seed: seed, stream: 0x5452_4941_4C00)
        let drawn = random.sample(count, of: all.count).map { all[Int($0)] }
        // Loads the encoder before threads ask for it.
        _ = try index.value(IndexEncoder.self)
        let encoded = Parallel.map(count: drawn.count, threads: threads) { place in
            try? index.query(pairs.texts[Int(drawn[place])], needs: .states)
        }
        let known = drawn.indices.filter { encoded[$0] != nil }
        (self.index, self.threads, monitor) = (index, threads, clock.monitor)
        queries = known.compactMap { encoded[$0] }
        relevant = known.map { passages[drawn[$0]] ?? [] }
    }

    package var count: Int { queries.count }

    /// The mean reciprocal rank at 10 with a generator, or without for nil, each with the constants that it has before
    /// any are estimated.
    ///
    /// - Throws: `ModelError` when the generator cannot be read; `Cancelled`.
    package func meanReciprocalRank(_ folder: URL?) throws -> Double {
        let generator = try folder.map { try load($0) }
        let (ngrams, cancellation) = (try index.value(IndexNgrams.self).index, monitor.cancellation)
        let (terms, tokenizer) = (try index.value(IndexTerms.self), try index.value(IndexTokenizer.self).ngrams)
        let ranks = Parallel.map(count: queries.count, threads: threads) { place -> Double in
            let query = queries[place]
            guard !cancellation.isRaised, let tokens = query[NgramQuery.self] else { return 0 }
            let floor = terms.floor(query, decode: tokenizer.decode)
            let found =
                if let generator, let source = query[GeneratorModel.Source.self] {
                    ngrams.search(tokens, generator: generator.ngrams(source), k: 10, floor: floor)
                } else {
                    ngrams.search(tokens, k: 10, floor: floor)
                }
            return ReciprocalRank.at10(found.passages) { relevant[place].contains($0.rawValue) }
        }
        try cancellation.throwIfRaised()
        return ranks.reduce(0, +) / Double(max(1, ranks.count))
    }

    private func load(_ folder: URL) throws -> TrainedGenerator {
        let encoder = try index.value(IndexEncoder.self).encoder
        let marks = try index.value(IndexNgrams.self).marks
        guard let generator = TrainedGenerator(try GeneratorModel(directory: folder, encoder: encoder), marks: marks)
        else { throw TrainingError.writesNoPassages(path: folder.path) }
        return generator
    }
}
