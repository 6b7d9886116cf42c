import Engine
import Foundation
import Storage
import Transformers

/// Puts a trained generator into an index, and takes it out.
public enum GeneratorInstall {
    /// Copies a generator's folder into an index and enters it in the manifest.
    ///
    /// The files are written beside and moved into place whole; the manifest is replaced last. A generator
    /// that stood there is replaced.
    ///
    /// - Throws: ``IndexingError`` when the index cannot be opened, its encoder is not at hand, or the
    ///   generator is damaged or made for another encoder; then nothing was changed.
    /// - Returns: what the manifest says of it now.
    @discardableResult
    public static func install(
        _ folder: String, into index: String, models: ModelCache = .standard
    ) throws(IndexingError) -> IndexManifest.Generator {
        var manifest = try ManifestFile.read(index)
        let described = try describe(folder, manifest, models)
        do {
            let directory = try AtomicDirectory(
                destination: URL(filePath: index).appending(path: IndexLayout.generator))
            do {
                for name in IndexLayout.generatorFiles {
                    try FileManager.default.copyItem(
                        at: URL(filePath: folder).appending(path: name),
                        to: directory.staging.appending(path: name))
                }
                try directory.commit()
            } catch {
                directory.discard()
                throw error
            }
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .other(error.localizedDescription)
        }
        manifest.generator = described
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
        if had { try ManifestFile.replace(manifest, in: index) }
        try? FileManager.default.removeItem(
            at: URL(filePath: index).appending(path: IndexLayout.generator))
        return had
    }

    /// Loads the generator with the index's encoder, which checks all of it.
    private static func describe(
        _ folder: String, _ manifest: IndexManifest, _ models: ModelCache
    ) throws(IndexingError) -> IndexManifest.Generator {
        guard let wanted = manifest.encoder else {
            throw .generator("the index was built without an encoder, which a generator needs")
        }
        guard let place = models.directory(of: wanted.name) else {
            throw .encoder(
                "the encoder \(wanted.name) is not installed; run \"genret model fetch \(wanted.name)\"")
        }
        do {
            let model = try GeneratorModel(
                directory: URL(filePath: folder), encoder: SentenceEncoder(directory: place))
            let weights = try Data(
                contentsOf: URL(filePath: folder).appending(path: "model.safetensors"),
                options: .alwaysMapped)
            return .init(
                sha256: weights.withUnsafeBytes { SHA256.hex(of: $0) },
                tasks: model.configuration.tasks, layers: model.configuration.layerCount)
        } catch let error as ModelError {
            throw .generator("\(error)")
        } catch {
            throw .other(error.localizedDescription)
        }
    }
}
