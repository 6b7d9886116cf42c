import Foundation
import Ranking
import Storage
import Synchronization
import Transformers

/// Trained docids as the docid retriever uses them: over the passages of all segments.
package struct TrainedDocids: Sendable {
    package let model: DocidModel
    package let retriever: EntryDocidRetriever
    package let recipe: DocidRecipe
    /// The weight of BM25 in planning ahead where a search names none.
    package let planAhead: Float

    package init(model: DocidModel, retriever: EntryDocidRetriever, recipe: DocidRecipe, planAhead: Float?) {
        self.model = model
        self.retriever = retriever
        self.recipe = recipe
        self.planAhead = planAhead ?? 0
    }

    /// A query as the retriever reads it; nil without the encoder's states.
    package func query(_ query: EncodedQuery, plan: EntryDocidRetriever.Plan? = nil) -> EntryDocidRetriever.Query? {
        guard let vector = query.vector, let source = query.source else { return nil }
        return .init(vectors: model.vectors(of: vector, source), plan: plan)
    }

    /// What a search's options are for this retriever.
    package func options(_ options: SearchOptions) -> EntryDocidRetriever.Options {
        .init(beams: options.docid.beams, sharpness: recipe.sharpness)
    }
}

/// The trained docids in an index's folder, read when they are first asked for.
package final class StoredTrainedDocids: Sendable {
    private let folder: URL
    private let described: IndexManifest.Docids
    private let encoder: SentenceEncoder
    private let passages: Int
    private let loaded = Mutex(Result<TrainedDocids, EngineError>?.none)

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
        let result = loaded.withLock { loaded in
            let result = loaded ?? Result { () throws(EngineError) in try read() }
            loaded = result
            return result
        }
        return try result.get()
    }

    /// Whether a folder's files are whole and those of a manifest; their entries and tree.
    ///
    /// - Throws: ``EngineError/docids(path:reason:)`` when not.
    static func verified(
        _ folder: URL, _ described: IndexManifest.Docids, passages: Int
    ) throws(EngineError) -> EntryDocidRetriever {
        let weights = folder.appending(path: "model.safetensors")
        guard let bytes = try? Data(contentsOf: weights, options: .alwaysMapped) else {
            throw .docids(path: weights.path, reason: "it cannot be read")
        }
        guard bytes.withUnsafeBytes({ SHA256.hex(of: $0) }) == described.sha256 else {
            throw .docids(path: weights.path, reason: "the weights are not those that the manifest names")
        }
        let path = folder.appending(path: IndexLayout.entries).path
        do {
            let container = try Container(path: path, kind: IndexLayout.entriesKind)
            try container.verify()
            let stored = try StoredEntries(container)
            guard let tree = stored.tree, stored.entries.passageCount == passages else {
                throw EngineError.docids(path: path, reason: "it belongs to other passages")
            }
            return EntryDocidRetriever(tree: tree, entries: stored.entries)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .docids(path: path, reason: "\(error)")
        }
    }

    private func read() throws(EngineError) -> TrainedDocids {
        let retriever = try Self.verified(folder, described, passages: passages)
        let recipe = try DocidRecipe(folder: folder)
        do {
            let model = try DocidModel(directory: folder, encoder: encoder)
            guard retriever.depth < model.configuration.slotCount,
                retriever.entries.dimension == encoder.dimension
            else {
                throw EngineError.docids(path: folder.path, reason: "its docids are not the network's")
            }
            return TrainedDocids(model: model, retriever: retriever, recipe: recipe, planAhead: described.planAhead)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .docids(path: folder.path, reason: "\(error)")
        }
    }
}
