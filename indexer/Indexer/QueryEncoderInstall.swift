import Engine
import Foundation
import Storage
import Transformers

/// Puts a trained query encoder into an index, and takes it out.
public enum QueryEncoderInstall {
    /// Copies a query encoder's folder into an index and enters it in the manifest, which is replaced last.
    /// One that stood there is replaced. Weights of the merge stay as they are.
    ///
    /// - Throws: ``IndexingError`` when the index cannot be opened, its encoder is not at hand, or the weights
    ///   are damaged or of another shape than the encoder's; then nothing was changed.
    /// - Returns: what the manifest says of it now.
    @discardableResult
    public static func install(
        _ folder: String, into index: String, models: ModelCache = .standard
    ) throws(IndexingError) -> IndexManifest.QueryEncoder {
        var manifest = try ManifestFile.read(index)
        try FolderInstall.check(folder, of: ["model.safetensors"])
        let place = try FolderInstall.encoder(of: manifest, for: "a query encoder", models)
        let described: IndexManifest.QueryEncoder
        do {
            // Loading checks all of it.
            _ = try SentenceEncoder(directory: place).withWeights(of: URL(filePath: folder))
            described = .init(sha256: try FolderInstall.hash(of: folder))
        } catch let error as ModelError {
            throw .encoder("\(error)")
        } catch {
            throw .other(error.fileReason)
        }
        try FolderInstall.copy(
            IndexLayout.queryEncoderFiles, of: folder, to: IndexLayout.queryEncoder, in: index)
        manifest.queryEncoder = described
        try ManifestFile.replace(manifest, in: index)
        return described
    }

    /// Takes the query encoder out of an index: queries are read by the passages' encoder again.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public static func remove(from index: String) throws(IndexingError) -> Bool {
        var manifest = try ManifestFile.read(index)
        let had = manifest.queryEncoder != nil
        manifest.queryEncoder = nil
        if had { try ManifestFile.replace(manifest, in: index) }
        FolderInstall.remove(IndexLayout.queryEncoder, from: index)
        return had
    }
}
