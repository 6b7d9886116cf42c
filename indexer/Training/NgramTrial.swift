import Engine
import Foundation
import Indexer
import Memory
import Ranking
import Transformers

/// How well the n-gram retriever finds the passages of queries, by one generator or another.
struct NgramTrial {
    let engine: Engine
    private let queries: [EncodedQuery]
    private let relevant: [Set<Int32>]
    let threads: Int
    /// Asked between queries; true ends a trial.
    var isCancelled: @Sendable () -> Bool = { false }

    /// At most `count` of the held-out queries, drawn with a seed.
    init(_ engine: Engine, _ pairs: QueryPairs, count: Int = 200, seed: UInt64, threads: Int) {
        let passages = Dictionary(grouping: pairs.heldOut, by: \.query).mapValues { Set($0.map(\.passage)) }
        let all = passages.keys.sorted()
        var random = SeededGenerator(seed: seed, stream: 0x5452_4941_4C00)
        let drawn = random.sample(count, of: all.count).map { all[Int($0)] }
        let encoded = Parallel.map(count: drawn.count, threads: threads) { place in
            try? engine.queries.encode(pairs.texts[Int(drawn[place])])
        }
        let known = drawn.indices.filter { encoded[$0] != nil }
        self.engine = engine
        self.threads = threads
        queries = known.compactMap { encoded[$0] }
        relevant = known.map { passages[drawn[$0]] ?? [] }
    }

    var count: Int { queries.count }

    /// The mean reciprocal rank at 10 with a trained generator, or the untrained one for nil, each with the
    /// constants that it has before any are estimated.
    ///
    /// - Throws: ``ModelError`` when the generator cannot be read, ``IndexingError/cancelled``.
    func meanReciprocalRank(_ folder: URL?) throws -> Double {
        let generator = try folder.map { try load($0) }
        var options = NgramRetriever.Options()
        if generator != nil { KeyTuning.usual.apply(to: &options) }
        let (set, chosen, isCancelled) = (engine.segments, options, isCancelled)
        let ranks = Parallel.map(count: queries.count, threads: threads) { place -> Double in
            guard !isCancelled() else { return 0 }
            let query = queries[place]
            let found =
                if let generator, let source = query.source {
                    set.ngram.search(
                        query.ngrams, generator: generator.ngrams(source), k: 10, options: chosen)
                } else {
                    set.ngram.search(query.ngrams, k: 10, options: chosen)
                }
            let rank = found.documents.firstIndex { relevant[place].contains($0.document) }
            return rank.map { 1 / Double($0 + 1) } ?? 0
        }
        if isCancelled() { throw IndexingError.cancelled }
        return ranks.reduce(0, +) / Double(max(1, ranks.count))
    }

    private func load(_ folder: URL) throws -> TrainedGenerator {
        guard let encoder = engine.queries.encoder,
            let generator = TrainedGenerator(
                try GeneratorModel(directory: folder, encoder: encoder), marks: engine.segments.marks)
        else { throw TrainingError.unfit("\(folder.path): the generator was not trained for passages") }
        return generator
    }
}
