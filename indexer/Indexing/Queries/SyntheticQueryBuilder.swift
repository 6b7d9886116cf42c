import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Transformers

/// Generates queries of an index's passages and puts them into it, a part for each query generator.
public struct SyntheticQueryBuilder: Sendable {
    public struct Options: Sendable {
        /// The most queries that are generated of a passage.
        public var perPassage = 3
        /// How many passages, drawn with the seed; nil takes all.
        public var passages: Int?
        public var filter = RoundTripFilter()
        public var seed: UInt64 = 1
        public var threads = Parallel.cores

        public init() {}
    }

    /// What a query generator did.
    public struct Report: Sendable {
        public var generator: String
        /// Passages that queries were generated of.
        public var passages: Int
        /// Distinct queries of a passage, summed.
        public var made: Int
        public var kept: Int
        public var seconds: Double
    }

    public let index: IndexReader
    public var options: Options

    public init(_ index: IndexReader, options: Options = Options()) {
        (self.index, self.options) = (index, options)
    }

    /// Runs query generators over the passages of the index in a folder and puts what each made into it, in the
    /// place of what it made before: of all of them or of none.
    ///
    /// - Parameter make: the query generators for the index.
    /// - Throws: what is in the way; then the index is as it was.
    public static func update(
        _ path: String, options: Options, models: ModelCache = .standard, monitor: WorkMonitor = .silent,
        make: (IndexReader) throws -> [any QueryGenerator]
    ) throws -> [Report] {
        var transaction = try IndexTransaction(URL(filePath: path))
        let reports = try run(&transaction, options, models, monitor, make)
        _ = try transaction.commit()
        return reports
    }

    /// Runs all query generators; the reader of the index as it was is gone when this ends, so that nothing of it is
    /// held any more when the change is published.
    private static func run(
        _ transaction: inout IndexTransaction, _ options: Options, _ models: ModelCache, _ monitor: WorkMonitor,
        _ make: (IndexReader) throws -> [any QueryGenerator]
    ) throws -> [Report] {
        let index = IndexReader(try transaction.preview(), models: models)
        let clock = WorkClock(monitor)
        var reports: [Report] = []
        for generator in try make(index) {
            reports.append(
                try SyntheticQueryBuilder(index, options: options).run(generator, in: &transaction, clock))
        }
        clock.finish()
        try monitor.cancellation.throwIfRaised()
        return reports
    }

    /// Runs a query generator and puts what it made into an index that is being changed.
    func run(
        _ generator: any QueryGenerator, in transaction: inout IndexTransaction, _ clock: WorkClock
    ) throws -> Report {
        let start = ContinuousClock.now
        let filter = try options.filter.opened(on: index)
        let documents = try sample()
        var items: [PassageQueries.Item] = []
        var made = 0
        try clock.begin("questions", unit: "kept")
        for first in stride(from: 0, to: documents.count, by: generator.batchSize) {
            let batch = documents[first..<min(documents.count, first + generator.batchSize)]
            let candidates = try candidates(of: batch, generator)
            made += candidates.count
            items += try kept(candidates, filter, isTrusted: generator.isTrusted)
            try clock.monitor.cancellation.throwIfRaised()
            try clock.update(count: items.count, fraction: Double(batch.endIndex) / Double(documents.count))
        }
        let description = SyntheticQueriesPart.Description(
            generator: generator.name, count: items.count, made: made, passages: documents.count,
            keep: options.filter.keep, filter: options.filter.keep > 0 ? options.filter.retrievers : [],
            seed: options.seed)
        try transaction.install(
            SyntheticQueriesPart.self, kind: SyntheticQueriesPart.kind(of: generator.name), description: description
        ) { folder, _ in
            try PassageQueries.write(
                items, to: folder.writer(SyntheticQueriesPart.fileName, kind: PassageQueries.fileKind))
        }
        return Report(
            generator: generator.name, passages: documents.count, made: made, kept: items.count,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// The passages, rising.
    private func sample() throws -> [Int32] {
        let living = try index.livingPlaces()
        guard let count = options.passages, count < living.count else { return living }
        var random = SeededGenerator(seed: options.seed, stream: 1)
        return random.sample(count, of: living.count).map { living[Int($0)] }
    }

    /// The distinct queries of a batch's passages.
    private func candidates(
        of batch: ArraySlice<Int32>, _ generator: any QueryGenerator
    ) throws -> [PassageQueries.Item] {
        let passages = try batch.map { document in
            QueryPassage(document: document, try index.passage(PassageIndex(document)))
        }
        let made = try generator.make(
            passages, count: options.perPassage, seed: options.seed, threads: options.threads)
        return zip(passages, made).flatMap { passage, queries in
            var seen: Set<String> = []
            return queries.filter { !$0.isEmpty && seen.insert($0).inserted }.map {
                PassageQueries.Item(document: passage.document, text: $0, rank: nil)
            }
        }
    }

    /// The candidates with their ranks, but for those that the filter leaves out.
    private func kept(
        _ candidates: [PassageQueries.Item], _ filter: RoundTripFilter.Opened?, isTrusted: Bool
    ) throws -> [PassageQueries.Item] {
        guard let filter else { return candidates }
        let ranks = Parallel.map(count: candidates.count, threads: options.threads) { place in
            Result { try filter.rank(of: PassageIndex(candidates[place].document), for: candidates[place].text) }
        }
        return try zip(candidates, ranks).compactMap { item, rank in
            let rank = try rank.get()
            return rank == nil && !isTrusted
                ? nil : PassageQueries.Item(document: item.document, text: item.text, rank: rank)
        }
    }
}
