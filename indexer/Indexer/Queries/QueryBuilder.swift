import Engine
import Foundation
import Memory
import Ranking
import Storage

/// Makes queries of an index's passages and stores them in its folder, a file for each maker.
public struct QueryBuilder: Sendable {
    public struct Options: Sendable {
        /// The most queries that a maker makes of a passage.
        public var perPassage = 3
        /// How many passages, drawn with the seed; nil takes all.
        public var passages: Int?
        public var filter = RoundTripFilter()
        public var seed: UInt64 = 1
        public var threads = Parallel.cores

        public init() {}
    }

    /// What a maker did.
    public struct Report: Sendable {
        public var maker: String
        /// Passages that queries were made of.
        public var passages: Int
        /// Distinct queries of a passage, summed.
        public var made: Int
        public var kept: Int
        public var seconds: Double
    }

    /// Where a maker stands.
    public struct Progress: Sendable {
        public var maker: String
        public var done: Int
        public var passages: Int
        public var kept: Int
        public var seconds: Double
    }

    public let engine: Engine
    public var options: Options
    /// Hears where the work stands, between batches.
    public var onProgress: @Sendable (Progress) -> Void = { _ in }
    /// Asked between batches; true ends the work.
    public var isCancelled: @Sendable () -> Bool = { false }

    public init(_ engine: Engine, options: Options = Options()) {
        self.engine = engine
        self.options = options
    }

    /// Runs a maker over the passages and stores what it made, in the place of what it made before.
    ///
    /// The file is written under a hidden name and moved into place whole; the manifest is replaced last.
    ///
    /// - Throws: ``IndexingError``; then the index is as it was.
    public func run(_ maker: some QueryMaker) throws(IndexingError) -> Report {
        let start = ContinuousClock.now
        if options.filter.keep > 0, !options.filter.retrievers.isSubset(of: engine.availableRetrievers) {
            throw .index(.unavailable(
                options.filter.retrievers.subtracting(engine.availableRetrievers).sorted(),
                reason: engine.encoderProblem ?? "the index has no such retriever"))
        }
        let documents = sample()
        var items: [PassageQueries.Item] = []
        var report = Report(maker: maker.name, passages: documents.count, made: 0, kept: 0, seconds: 0)
        for first in stride(from: 0, to: documents.count, by: maker.batchSize) {
            if isCancelled() { throw .cancelled }
            let batch = documents[first..<min(documents.count, first + maker.batchSize)]
            let candidates = try candidates(of: batch, maker)
            report.made += candidates.count
            items += kept(candidates, isTrusted: maker.isTrusted)
            report.kept = items.count
            report.seconds = Engine.seconds(since: start)
            onProgress(
                Progress(
                    maker: maker.name, done: batch.endIndex, passages: documents.count, kept: items.count,
                    seconds: report.seconds))
        }
        if isCancelled() { throw .cancelled }
        try QueryFolder.store(
            items,
            .init(
                maker: maker.name, count: items.count, made: report.made, passages: documents.count,
                keep: options.filter.keep, filter: options.filter.keep > 0 ? options.filter.retrievers.sorted() : [],
                seed: options.seed),
            in: engine.path)
        report.seconds = Engine.seconds(since: start)
        return report
    }

    /// The passages, rising.
    private func sample() -> [Int32] {
        guard let count = options.passages, count < engine.count else { return Array(0..<Int32(engine.count)) }
        var random = SeededGenerator(seed: options.seed, stream: 1)
        return random.sample(count, of: engine.count)
    }

    /// The distinct queries of a batch's passages.
    private func candidates(
        of batch: ArraySlice<Int32>, _ maker: some QueryMaker
    ) throws(IndexingError) -> [PassageQueries.Item] {
        var passages: [QueryPassage] = []
        for document in batch {
            do throws(EngineError) {
                let (id, title, text) = try engine.passage(document)
                passages.append(QueryPassage(document: document, id: id, title: title, text: text))
            } catch {
                throw .index(error)
            }
        }
        let made = try maker.make(
            passages, count: options.perPassage, seed: options.seed, threads: options.threads)
        return zip(passages, made).flatMap { passage, queries in
            var seen: Set<String> = []
            return queries.filter { !$0.isEmpty && seen.insert($0).inserted }.map {
                PassageQueries.Item(document: passage.document, text: $0, rank: nil)
            }
        }
    }

    /// The candidates with their ranks, but for those that the filter leaves out.
    private func kept(_ candidates: [PassageQueries.Item], isTrusted: Bool) -> [PassageQueries.Item] {
        let filter = options.filter
        guard filter.keep > 0 else { return candidates }
        let ranks = Parallel.map(count: candidates.count, threads: options.threads) {
            filter.rank(of: candidates[$0].document, for: candidates[$0].text, in: engine)
        }
        return zip(candidates, ranks).compactMap { item, rank in
            rank == nil && !isTrusted
                ? nil : PassageQueries.Item(document: item.document, text: item.text, rank: rank)
        }
    }
}
