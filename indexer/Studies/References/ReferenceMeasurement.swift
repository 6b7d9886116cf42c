import Corpora
import Engine
import Evaluation
import Foundation
import Indexing
import Memory
import Search
import Transformers

/// Measures a ``ReferenceRun`` on a folder of its collection: builds an index, searches all judged queries, and counts by the rules.
public struct ReferenceMeasurement {
    /// Ours beside what is published.
    public struct Row: Sendable, Equatable, Codable {
        public var measure: String
        public var ours: Double
        public var published: Double
    }

    public let run: ReferenceRun
    /// The collection, as BEIR has it.
    public let folder: String
    public var threads = Parallel.cores
    public var models = ModelCache.standard
    public var monitor = WorkMonitor.silent

    /// As deep as trec_eval looks.
    private static let hits = 1_000

    public init(_ run: ReferenceRun, folder: String) { (self.run, self.folder) = (run, folder) }

    /// - Parameter scratch: a folder of its own, where the index is built.
    /// - Returns: a row for each figure, and how many queries they are means of.
    /// - Throws: what reading, building and searching throw; ``StudyError/noQueries``.
    public func measure(in scratch: URL) throws -> (rows: [Row], queries: Int) {
        let qrels = try Qrels.read(path: folder)
        let queries = try Queries.read(path: folder).filter { qrels.judgements[$0.id] != nil }
        guard !queries.isEmpty else { throw StudyError.noQueries }
        let place = scratch.appending(path: "index").path
        var options = IndexOptions()
        (options.encoder, options.generator, options.pseudoQueries) = (run.encoder, nil, 0)
        var builder = IndexBuilder(corpus: folder, destination: place, options: options, models: models)
        builder.monitor = monitor
        _ = try builder.build()
        var evaluation = EvaluationOptions(measures: run.figures.map(\.measure))
        evaluation.countsMissingQueries = run.rules.countsMissing
        evaluation.relevanceLevel = run.rules.level
        var found = try search(Engine.open(place, models: models), queries)
        if run.rules.removesQuery { found = found.withoutQueryPassages() }
        let judged = Evaluator(qrels: qrels, options: evaluation).evaluate(found)
        let rows = run.figures.map {
            Row(measure: "\($0.measure)", ours: judged.mean(of: $0.measure), published: $0.published)
        }
        return (rows, judged.averagedQueryIDs.count)
    }

    private func search(_ engine: Engine, _ queries: [Corpora.Query]) throws -> TRECRun {
        var options = run.options
        (options.retrievers, options.rerank) = ([run.retriever], 0)
        (options.depth, options.feedback) = (Self.hits, FeedbackOptions.none)
        let cancellation = monitor.cancellation
        let lists = Parallel.map(count: queries.count, threads: threads) { [options] place in
            Result {
                do {
                    return try engine.rank(
                        queries[place].text, hits: Self.hits, options: options, cancellation: cancellation
                    ).hits.map { TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score)) }
                } catch EngineError.emptyQuery {
                    return []
                }
            }
        }
        var found = TRECRun(tag: run.name)
        for (query, list) in zip(queries, lists) { found.set(try list.get(), query: query.id) }
        return found
    }
}
