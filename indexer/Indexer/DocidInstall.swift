import Docids
import Engine
import Foundation
import Memory
import Ranking
import Storage
import Transformers

/// Puts trained docids into an index, and takes them out.
public enum DocidInstall {
    /// Makes the entries of an index's passages, gives each the docid that it has in the folder's tree of
    /// prefixes, and puts all into the index with the network.
    ///
    /// The index may hold other passages than the one that was trained on: they find their places by the
    /// stored prefixes. Entries that the training left in its folder are taken over where they are those
    /// of this index. The files are written beside and moved into place whole; the manifest is replaced
    /// last.
    ///
    /// - Throws: ``IndexingError`` when the index cannot be opened, its encoder is not at hand, or the
    ///   folder is damaged or made for another encoder; then nothing was changed.
    @discardableResult
    public static func install(
        _ folder: String, into index: String, models: ModelCache = .standard, threads: Int = Parallel.cores,
        onProgress: @escaping (IndexProgress) -> Void = { _ in }, isCancelled: @escaping () -> Bool = { false }
    ) throws(IndexingError) -> IndexManifest.Docids {
        let engine: Engine
        let recipe: DocidRecipe
        let place = URL(filePath: folder)
        do throws(EngineError) {
            engine = try Engine.open(index, models: models)
        } catch {
            throw .index(error)
        }
        try FolderInstall.check(folder, of: IndexLayout.docidFiles)
        do throws(EngineError) {
            recipe = try DocidRecipe(folder: place)
        } catch {
            throw .index(error)
        }
        guard let encoder = engine.queries.encoder else {
            throw .docids("\(index): docids need the encoder: \(engine.encoderProblem ?? "there is none")")
        }
        var stage = EntryStage(engine, recipe: recipe)
        stage.threads = threads
        var found = Found(entries: 0, levels: 0, isTrained: false)
        try FolderInstall.copy(
            IndexLayout.docidFiles, of: folder, to: IndexLayout.trainedDocids, in: index
        ) { directory in
            do {
                found = recipe.scheme.isAnchored
                    ? try writeEntries(place, encoder, stage, to: directory, onProgress, isCancelled)
                    : try writeSequences(place, encoder, stage, to: directory)
            } catch let error as ModelError {
                throw IndexingError.docids("\(error)")
            } catch let error as DocidError {
                throw IndexingError.docids("\(folder): \(error)")
            }
        }
        let described: IndexManifest.Docids
        do {
            described = .init(
                sha256: try FolderInstall.hash(of: folder), recipe: recipe, entries: found.entries,
                levels: found.levels, isTrained: found.isTrained)
        } catch {
            throw .other(error.fileReason)
        }
        var manifest = try ManifestFile.read(index)
        manifest.docids = described
        try ManifestFile.replace(manifest, in: index)
        return described
    }

    /// Takes the trained docids out of an index.
    ///
    /// - Returns: whether there were some.
    @discardableResult
    public static func remove(from index: String) throws(IndexingError) -> Bool {
        var manifest = try ManifestFile.read(index)
        let had = manifest.docids != nil
        manifest.docids = nil
        if had { try ManifestFile.replace(manifest, in: index) }
        FolderInstall.remove(IndexLayout.trainedDocids, from: index)
        return had
    }

    /// What the manifest says of docids.
    private typealias Found = (entries: Int, levels: Int, isTrained: Bool)

    private static func writeEntries(
        _ folder: URL, _ encoder: SentenceEncoder, _ stage: EntryStage, to directory: AtomicDirectory,
        _ onProgress: @escaping (IndexProgress) -> Void, _ isCancelled: @escaping () -> Bool
    ) throws -> Found {
        let model = try DocidModel(directory: folder, encoder: encoder)
        let skeleton = try DocidFolder.skeleton(folder, dimension: encoder.dimension)
        guard skeleton.depth < model.configuration.slotCount else {
            throw IndexingError.docids("\(folder.path): its docids are longer than the network's")
        }
        let (entries, fingerprint): (DocidEntries, String)
        if stage.recipe.entryRate == nil {
            let made = try stage.entries(reusing: [folder], onProgress: onProgress, isCancelled: isCancelled)
            (entries, fingerprint) = (made, stage.fingerprint)
        } else if let trained = try DocidFolder.trainedEntries(folder, of: stage),
            trained.dimension == encoder.dimension
        {
            (entries, fingerprint) = (trained, stage.trainedFingerprint)
        } else {
            throw otherPassages(folder, stage)
        }
        let tree = skeleton.place(entries.vectors.floats(), threads: stage.threads)
        try StoredEntries(entries: entries, tree: tree, fingerprint: fingerprint)
            .write(to: directory.path(IndexLayout.entries))
        return (entries.count, skeleton.depth, !model.isUntrained)
    }

    /// Docids that are written token by token belong to the passages that they were learnt for.
    private static func writeSequences(
        _ folder: URL, _ encoder: SentenceEncoder, _ stage: EntryStage, to directory: AtomicDirectory
    ) throws -> Found {
        let model = try DocidSequenceModel(directory: folder, encoder: encoder)
        let file = folder.appending(path: IndexLayout.sequences)
        let stored = try StoredSequences(Container(path: file.path, kind: IndexLayout.sequencesKind))
        guard stored.fingerprint == stage.passagesFingerprint,
            stored.retriever.passages.count == stage.engine.count,
            stored.retriever.depth <= model.configuration.slotCount
        else { throw otherPassages(folder, stage) }
        try FileManager.default.copyItem(at: file, to: directory.staging.appending(path: IndexLayout.sequences))
        return (stored.retriever.passages.count, stored.retriever.depth, true)
    }

    private static func otherPassages(_ folder: URL, _ stage: EntryStage) -> IndexingError {
        .docids(
            "\(folder.path): these docids were learnt for other passages than those of \(stage.engine.path); train them on this index")
    }
}
