import Foundation
import Ranking
import Storage
import Transformers

/// The trained docids in an index's folder, read when they are first asked for.
package final class StoredTrainedDocids: Sendable {
    private let folder: URL
    private let described: IndexManifest.Docids
    private let encoder: SentenceEncoder
    private let passages: Int
    private let loaded = ReadOnce<TrainedDocids>()

    init(folder: URL, _ described: IndexManifest.Docids, encoder: SentenceEncoder, passages: Int) {
        self.folder = folder
        self.described = described
        self.encoder = encoder
        self.passages = passages
    }

    /// The docids; one caller reads the files, others wait.
    ///
    /// - Throws: ``EngineError/docids(path:reason:)`` when they are not what the manifest says.
    package func docids() throws(EngineError) -> TrainedDocids {
        try loaded.value { () throws(EngineError) in try read() }
    }

    /// What a folder's file of docids holds.
    enum File {
        case entries(EntryDocidRetriever)
        case sequences(SequenceDocidRetriever)
    }

    /// Whether a folder's files are whole and those of a manifest; the file of docids.
    ///
    /// - Throws: ``EngineError/docids(path:reason:)`` when not.
    @discardableResult
    static func verified(
        _ folder: URL, _ described: IndexManifest.Docids, passages: Int
    ) throws(EngineError) -> File {
        let weights = StoredWeights(folder: folder, sha256: described.sha256)
        if let problem = weights.problem() { throw .docids(path: weights.file.path, reason: problem) }
        let anchored = described.scheme.isAnchored
        let path = folder.appending(path: IndexLayout.docidFile(described.scheme)).path
        do {
            let container = try Container(
                path: path, kind: anchored ? IndexLayout.entriesKind : IndexLayout.sequencesKind)
            try container.verify()
            if anchored {
                let stored = try StoredEntries(container)
                if let tree = stored.tree, stored.entries.passageCount == passages {
                    return .entries(EntryDocidRetriever(tree: tree, entries: stored.entries))
                }
            } else {
                let stored = try StoredSequences(container)
                if stored.retriever.passages.count == passages { return .sequences(stored.retriever) }
            }
        } catch {
            throw .docids(path: path, reason: "\(error)")
        }
        throw .docids(path: path, reason: "it belongs to other passages")
    }

    private func read() throws(EngineError) -> TrainedDocids {
        let file = try Self.verified(folder, described, passages: passages)
        let recipe = try DocidRecipe(folder: folder)
        do {
            let kind: TrainedDocids.Kind
            switch file {
            case .entries(let retriever):
                let model = try DocidModel(directory: folder, encoder: encoder)
                guard retriever.depth < model.configuration.slotCount,
                    retriever.entries.dimension == encoder.dimension
                else { throw EngineError.docids(path: folder.path, reason: "its docids are not the network's") }
                kind = .entries(model, retriever)
            case .sequences(let retriever):
                let model = try DocidSequenceModel(directory: folder, encoder: encoder)
                guard retriever.depth <= model.configuration.slotCount else {
                    throw EngineError.docids(path: folder.path, reason: "its docids are not the network's")
                }
                kind = .sequences(model, retriever)
            }
            return TrainedDocids(kind, recipe: recipe, planAhead: described.planAhead)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .docids(path: folder.path, reason: "\(error)")
        }
    }
}
