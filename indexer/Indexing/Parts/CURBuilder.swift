import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Transformers

/// Scores every passage of an index for anchor queries, by late interaction, and puts that into the index as its part "cur".
public struct CURBuilder: Sendable {
    /// The anchor queries; without a source they are questions that the index's generator wrote of its passages, where the index has some,
    /// or else runs of words that are drawn from passages, which tell less.
    public var queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    /// - Returns: what the part is, in words.
    /// - Throws: ``EngineError`` where the index has no late interaction; ``IndexingError`` where it has no such queries. The index
    ///   is as it was then.
    /// - Complexity: a score for every anchor query and passage; the part takes 4 bytes for each.
    public func update(
        _ index: URL, models: ModelCache = .standard, monitor: WorkMonitor = .silent
    ) throws -> String {
        var transaction = try IndexTransaction(index)
        let description = try build(IndexReader(transaction.preview(), models: models), in: &transaction, monitor)
        _ = try transaction.commit()
        return CURPart.summary(of: description)
    }

    private func build(
        _ index: IndexReader, in transaction: inout IndexTransaction, _ monitor: WorkMonitor
    ) throws -> CURPart.Description {
        let reranker = try InteractionReranker.open(index, NoOptions()).component
        var anchors = queries
        let written = QueryGenerators.Name.generator.rawValue
        if anchors.source == nil, index.queryGenerators.contains(written) { anchors.source = written }
        let texts = try Self.texts(anchors, index)
        let living = try index.livingPlaces()
        let clock = WorkClock(monitor)
        try clock.begin("anchor queries", unit: "queries")
        var scores = [Float](repeating: 0, count: texts.count * index.count)
        try QueryBatches(count: texts.count, threads: queries.threads, clock: clock).run { place in
            let query = try index.query(texts[place], needs: reranker.needs)
            return try reranker.scores(of: living.map { PassageIndex($0) }, for: query)
        } take: { place, own in
            for (passage, score) in zip(living, own) { scores[place * index.count + Int(passage)] = score }
        }
        clock.finish()
        let description = CURPart.Description(
            head: index.interactionHead ?? "", queries: texts.count, passages: index.count, source: anchors.source,
            seed: anchors.seed)
        return try transaction.install(CURPart.self, description: description) { folder, _ in
            try CURScores(scores: scores, queryCount: texts.count, passageCount: index.count)
                .write(to: folder.writer(CURPart.fileName, kind: CURScores.fileKind))
        }
    }

    private static func texts(_ queries: EstimationQueries, _ index: IndexReader) throws -> [String] {
        if queries.source != nil { return try queries.draw(from: index, stream: 22).map(\.text) }
        let drawn = try DrawnQueries(index, count: queries.count, seed: queries.seed, threads: queries.threads)
        return drawn.items.map(\.text)
    }
}

extension CURPart {
    public static func summary(of description: Description) -> String {
        "scores of \(description.passages) passages for \(description.queries) anchor queries"
    }
}
