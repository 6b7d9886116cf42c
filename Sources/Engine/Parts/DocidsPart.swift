import Docids
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Transformers

/// Docids of an index's passages with the network that finds them.
public struct DocidsPart: IndexPart {
    public static let kind: ComponentID = "docids"
    /// What a training's folder has besides the file of docids.
    package static let modelFiles = ["config.json", "model.safetensors"]

    public struct Description: Codable, Sendable, Equatable {
        public var scheme: DocidScheme
        public var representations: [DocidRecipe.Representation]
        public var entries: Int
        /// The levels of prefixes.
        public var levels: Int
        /// Whether the network changes queries at all.
        public var isTrained: Bool
        /// The look-ahead weight that the training found; nil where it was not estimated.
        public var lookAhead: Float?

        // Indexes of format 2 call the weight so.
        private enum CodingKeys: String, CodingKey {
            case scheme, representations, entries, levels, isTrained
            case lookAhead = "planAhead"
        }
    }

    package let docids: TrainedDocids
    /// From the passages as the docids count them to those of the index.
    package let passages: PassageMap
    public let description: Description

    /// - Throws: ``EngineError/docids(path:reason:)`` where the files do not fit together or belong to other
    ///   passages; `StorageError`, `ModelError` and `DocidError` where they are damaged.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let index = try environment.index()
        let encoder = try index.value(IndexEncoder.self).encoder
        let recipe = try DocidRecipe(folder: folder.url)
        let passages = try folder.passages
        let (kind, entries, levels) =
            recipe.scheme.isAnchored
            ? try Self.entries(folder, encoder, passages: passages.count)
            : try Self.sequences(folder, encoder, passages: passages.count)
        docids = TrainedDocids(kind, recipe: recipe)
        self.passages = passages
        description = Description(
            scheme: recipe.scheme, representations: recipe.representations, entries: entries, levels: levels,
            isTrained: docids.isTrained, lookAhead: recipe.lookAhead)
    }

    private static func entries(
        _ folder: PartFolder, _ encoder: SentenceEncoder, passages: Int
    ) throws -> (TrainedDocids.Kind, entries: Int, levels: Int) {
        let path = folder.path(StoredEntries.fileName)
        let stored = try StoredEntries(Container(path: path, kind: StoredEntries.fileKind))
        guard let tree = stored.tree, stored.entries.passageCount == passages else {
            throw EngineError.docids(path: path, reason: "it belongs to other passages")
        }
        let model = try DocidModel(directory: folder.url, encoder: encoder)
        let search = EntryDocidSearch(tree: tree, entries: stored.entries)
        guard search.depth < model.configuration.slotCount, stored.entries.dimension == encoder.dimension else {
            throw EngineError.docids(path: folder.url.path, reason: "its docids are not the network's")
        }
        return (.entries(model, search), stored.entries.count, search.depth)
    }

    private static func sequences(
        _ folder: PartFolder, _ encoder: SentenceEncoder, passages: Int
    ) throws -> (TrainedDocids.Kind, entries: Int, levels: Int) {
        let path = folder.path(StoredSequences.fileName)
        let stored = try StoredSequences(Container(path: path, kind: StoredSequences.fileKind))
        guard stored.search.passages.count == passages else {
            throw EngineError.docids(path: path, reason: "it belongs to other passages")
        }
        let model = try DocidSequenceModel(directory: folder.url, encoder: encoder)
        guard stored.search.depth <= model.configuration.slotCount else {
            throw EngineError.docids(path: folder.url.path, reason: "its docids are not the network's")
        }
        return (.sequences(model, stored.search), stored.search.passages.count, stored.search.depth)
    }
}

/// An index's trained docids, ready to be searched.
package struct IndexDocids: LoadedOnce {
    package let docids: TrainedDocids
    /// From the passages as the docids count them to those of the index.
    package let passages: PassageMap
    /// The look-ahead weight where a search names none.
    package let lookAhead: Float

    package init(loading index: IndexReader) throws {
        guard let part = try index.snapshot.part(DocidsPart.self, in: index.environment()) else {
            throw EngineError.noPart(kind: DocidsPart.kind, index: index.path)
        }
        docids = part.docids
        passages = part.passages
        let estimate = index.snapshot.estimate(.lookAhead, as: Float.self, using: [DocidsPart.kind])
        lookAhead = estimate?.value ?? part.description.lookAhead ?? 0
    }
}
