import Docids
import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Storage
import Tensors
import Training
import Transformers

extension DocidsPart: InstallablePart {
    public static var files: [String] { modelFiles }

    public static func summary(of description: Description) -> String {
        let parts = description.representations.map(\.rawValue).joined(separator: " and ")
        let lookAhead = description.lookAhead.map { String(format: "%.2f", $0) } ?? "off"
        let state = description.isTrained ? "trained" : "training-free"
        return "\(description.scheme.rawValue) docids of \(description.entries) entries (\(parts)), "
            + "\(description.levels) levels, \(state), look-ahead \(lookAhead)"
    }

    /// Makes the entries of the index's passages, and gives each the docid that it has in the source's prefix tree.
    ///
    /// The index may hold other passages than the one that was trained on: they find their places by the stored
    /// prefixes. Entries that the training left in its folder are taken over where they are those of this index.
    public static func stage(
        _ source: URL, into folder: StagedFolder, in environment: PartEnvironment, _ monitor: WorkMonitor
    ) throws {
        for name in files { try folder.copy(source.appending(path: name), as: name) }
        let index = environment.values[IndexReader.self] ?? IndexReader(environment.snapshot)
        let recipe = try DocidRecipe(folder: source)
        let stage = EntryStage(index, recipe: recipe)
        if recipe.scheme.isAnchored {
            try stageEntries(source, folder, stage, index.value(IndexEncoder.self).encoder, monitor)
        } else {
            try stageSequences(source, folder, stage)
        }
    }

    private static func stageEntries(
        _ source: URL, _ folder: StagedFolder, _ stage: EntryStage, _ encoder: SentenceEncoder, _ monitor: WorkMonitor
    ) throws {
        let model = try DocidModel(directory: source, encoder: encoder)
        let skeleton = try DocidFolder.skeleton(source, dimension: encoder.dimension)
        guard skeleton.depth < model.configuration.slotCount else {
            throw IndexingError.docidsTooLong(path: source.relativePath)
        }
        let (entries, fingerprint): (DocidEntries, String)
        if stage.recipe.entryRate == nil {
            (entries, fingerprint) = (try stage.entries(reusing: [source], monitor), stage.fingerprint)
        } else if let trained = try DocidFolder.trainedEntries(source, of: stage),
            trained.dimension == encoder.dimension
        {
            (entries, fingerprint) = (trained, stage.trainedFingerprint)
        } else {
            throw IndexingError.otherPassages(path: source.relativePath, index: stage.index.path)
        }
        let tree = skeleton.place(entries.vectors.floats(), threads: stage.threads)
        let writer = try folder.writer(StoredEntries.fileName, kind: StoredEntries.fileKind)
        try StoredEntries(entries: entries, tree: tree, fingerprint: fingerprint).write(to: writer)
    }

    /// Docids that are written token by token belong to the passages that they were learnt for.
    private static func stageSequences(_ source: URL, _ folder: StagedFolder, _ stage: EntryStage) throws {
        let file = source.appending(path: StoredSequences.fileName)
        let stored = try StoredSequences(Container(path: file.path, kind: StoredSequences.fileKind))
        guard stored.fingerprint == stage.passagesFingerprint, stored.search.passages.count == stage.index.count else {
            throw IndexingError.otherPassages(path: source.relativePath, index: stage.index.path)
        }
        try folder.copy(file, as: StoredSequences.fileName)
    }
}
