import Engine
import Foundation
import IndexStore
import Memory
import Search

/// The judged queries that something is estimated on: those of a query generator that the index holds, drawn with
/// a seed.
public struct EstimationQueries: Sendable {
    /// Whose queries; nil: cropped from the corpus itself, where an estimate knows how.
    public var source: String?
    public var count: Int
    public var seed: UInt64
    public var threads: Int
    /// Whether an estimate starts from what is known of other collections.
    public var usesPrior: Bool

    public init(
        source: String? = nil, count: Int = 400, seed: UInt64 = 1, threads: Int = Parallel.cores, usesPrior: Bool = true
    ) {
        (self.source, self.count, self.seed, self.threads) = (source, count, seed, threads)
        self.usesPrior = usesPrior
    }

    /// The name of the query generator of the user's own judged queries.
    public static let labelled = "labelled"

    /// Draws queries that the index holds.
    ///
    /// - Throws: ``IndexingError/noQueries(generator:index:known:)``; `StorageError`.
    func draw(from index: IndexReader, stream: UInt64) throws -> [PassageQueries.Item] {
        let source = source ?? Self.labelled
        guard let queries = try index.queries(of: source), queries.count > 0 else {
            throw IndexingError.noQueries(generator: source, index: index.path, known: index.queryGenerators)
        }
        var random = SeededGenerator(seed: seed, stream: stream)
        return try random.sample(count, of: queries.count).map { try queries.item(Int($0)) }
    }
}

/// Queries that are asked in batches on several threads, and their results taken in order, so that these depend on
/// nothing but the queries.
struct QueryBatches {
    let count: Int
    let threads: Int
    let clock: WorkClock

    private static let size = 32

    /// - Parameters:
    ///   - ask: the result for a query; nil passes over one that holds nothing to search for.
    ///   - take: gets the results in order.
    /// - Throws: `Cancelled` between batches, and what either throws.
    func run<Result: Sendable>(
        _ ask: @Sendable (Int) throws -> Result?, take: (Int, Result) throws -> Void
    ) throws {
        for first in stride(from: 0, to: count, by: Self.size) {
            let part = first..<min(count, first + Self.size)
            let made = Parallel.map(count: part.count, threads: threads) { place in
                Swift.Result { try Self.passingOverEmpty { try ask(part.lowerBound + place) } }
            }
            for (place, result) in zip(part, made) {
                if let result = try result.get() { try take(place, result) }
            }
            try clock.update(count: part.upperBound, fraction: Double(part.upperBound) / Double(count))
        }
    }

    private static func passingOverEmpty<Result>(_ ask: () throws -> Result?) throws -> Result? {
        do { return try ask() } catch EngineError.emptyQuery { return nil }
    }
}
