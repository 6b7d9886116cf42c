import Engine
import Foundation
import Ranking
import Storage
import Transformers

/// Puts a trained generator into an index, and takes it out.
public enum GeneratorInstall {
    /// Copies a generator's folder into an index and enters it in the manifest.
    ///
    /// The files are written beside and moved into place whole; the manifest is replaced last. A generator
    /// that stood there is replaced. One with a head for late interaction reranks searches from then on.
    ///
    /// - Throws: ``IndexingError`` when the index cannot be opened, its encoder is not at hand, or the
    ///   generator is damaged or made for another encoder; then nothing was changed.
    /// - Returns: what the manifest says of it now.
    @discardableResult
    public static func install(
        _ folder: String, into index: String, models: ModelCache = .standard
    ) throws(IndexingError) -> IndexManifest.Generator {
        var manifest = try ManifestFile.read(index)
        try FolderInstall.check(folder, of: IndexLayout.generatorFiles)
        let described = try describe(folder, manifest, models)
        try FolderInstall.copy(IndexLayout.generatorFiles, of: folder, to: IndexLayout.generator, in: index)
        manifest.generator = described
        // Estimated for searches with another generator.
        manifest.docids?.fusion = nil
        try ManifestFile.replace(manifest, in: index)
        return described
    }

    /// Takes the generator out of an index.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public static func remove(from index: String) throws(IndexingError) -> Bool {
        var manifest = try ManifestFile.read(index)
        let had = manifest.generator != nil
        manifest.generator = nil
        if had { manifest.docids?.fusion = nil }
        if had { try ManifestFile.replace(manifest, in: index) }
        FolderInstall.remove(IndexLayout.generator, from: index)
        return had
    }

    /// Loads the generator with the index's encoder, which checks all of it.
    private static func describe(
        _ folder: String, _ manifest: IndexManifest, _ models: ModelCache
    ) throws(IndexingError) -> IndexManifest.Generator {
        let place = try FolderInstall.encoder(of: manifest, for: "a generator", models)
        do {
            let model = try GeneratorModel(
                directory: URL(filePath: folder), encoder: SentenceEncoder(directory: place))
            var described = IndexManifest.Generator(
                sha256: try FolderInstall.hash(of: folder),
                tasks: model.configuration.tasks, layers: model.configuration.layerCount,
                interacts: model.configuration.interacts)
            if model.configuration.interacts { described.rerank = .usual }
            return described
        } catch let error as ModelError {
            throw .generator("\(error)")
        } catch {
            throw .other(error.fileReason)
        }
    }
}
