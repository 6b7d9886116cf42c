import IndexStore
import Memory
import Ranking
import Search

/// What an index is and how it answers, for those who choose what to ask.
public struct IndexOverview: Sendable, Equatable, Codable {
    public var passages: Int
    public var tokens: Int
    /// The first digits of the SHA-256 of the manifest: another generation answers otherwise.
    public var generation: String
    /// Those that run without being asked for.
    public var retrievers: [ComponentID]
    /// Of the fusion.
    public var weights: [ComponentID: Float]
    /// How many of the best are reranked where nobody says; 0 for none.
    public var rerank: Int
    public var encoder: String?
    /// Fields that can be filtered by and counted.
    public var fields: [String]
    /// Titles of some passages: what there is to ask about.
    public var examples: [String]
    /// What does not run, and why.
    public var notes: [String]
}

extension Engine {
    /// - Throws: ``EngineError`` where nothing can be searched.
    public func overview() throws(EngineError) -> IndexOverview {
        try withSearch(SearchOptions()) { search in
            let (reader, pipeline) = (search.reader, search.pipeline)
            return IndexOverview(
                passages: reader.manifest.passages, tokens: reader.manifest.tokens, generation: reader.snapshot.id,
                retrievers: pipeline.retrievers.map(\.id), weights: pipeline.fusion.weights,
                rerank: pipeline.stages.first?.depth ?? 0, encoder: reader.manifest.encoder?.name,
                fields: try reader.value(IndexFields.self).names, examples: try examples(reader),
                notes: search.notes.map(\.description))
        }
    }

    private static let exampleCount = 5

    /// Titles of passages from all over the index. Nothing is read for it but these.
    ///
    /// - Throws: ``EngineError`` where their files are damaged.
    public func examples() throws(EngineError) -> [String] { try reading(examples) }

    private func examples(_ reader: IndexReader) throws -> [String] {
        var titles: [String] = []
        let living = try reader.living()
        // Not every passage has a title, and neighbours often have the same.
        let step = max(1, reader.count / (4 * Self.exampleCount))
        for place in stride(from: 0, to: reader.count, by: step) where titles.count < Self.exampleCount {
            let passage = PassageIndex(Int32(place))
            let (segment, local) = reader.places.locate(passage)
            guard living[segment]?.contains(Int(local)) ?? true else { continue }
            let title = try reader.passage(passage).title
            if !title.isEmpty, title.count <= 80, !titles.contains(title) { titles.append(title) }
        }
        return titles
    }
}
