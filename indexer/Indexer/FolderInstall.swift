import Engine
import Foundation
import Storage
import Transformers

/// Puts a model's folder into an index: files are written beside the place and moved there whole.
enum FolderInstall {
    /// Copies files of `folder`, in the place of a folder of this name that stood there.
    ///
    /// - Parameter write: adds other files.
    /// - Throws: ``IndexingError`` when one cannot be written; then nothing was changed.
    static func copy(
        _ files: [String], of folder: String, to name: String, in index: String,
        adding write: (AtomicDirectory) throws -> Void = { _ in }
    ) throws(IndexingError) {
        do {
            let directory = try AtomicDirectory(destination: URL(filePath: index).appending(path: name))
            do {
                for file in files {
                    try FileManager.default.copyItem(
                        at: URL(filePath: folder).appending(path: file),
                        to: directory.staging.appending(path: file))
                }
                try write(directory)
                try directory.commit()
            } catch {
                directory.discard()
                throw error
            }
        } catch let error as IndexingError {
            throw error
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .other(error.fileReason)
        }
    }

    /// Refuses a path where there is no folder of a model, in a sentence that is about the path.
    static func check(_ folder: String, of files: [String]) throws(IndexingError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            throw .other("\(folder): no such folder")
        }
        guard isFolder.boolValue else { throw .other("\(folder): not a folder") }
        for file in files where !FileManager.default.fileExists(atPath: folder + "/" + file) {
            throw .other("\(folder): there is no \(file) in it, so it is no model's folder")
        }
    }

    static func remove(_ name: String, from index: String) {
        try? FileManager.default.removeItem(at: URL(filePath: index).appending(path: name))
    }

    /// The folder of the encoder that an index was built with.
    ///
    /// - Parameter user: what needs it, in words.
    static func encoder(
        of manifest: IndexManifest, for user: String, _ models: ModelCache
    ) throws(IndexingError) -> URL {
        guard let wanted = manifest.encoder else {
            throw .generator("the index was built without an encoder, which \(user) needs")
        }
        guard let place = models.directory(of: wanted.name) else {
            throw .encoder(
                "the encoder \(wanted.name) is not installed; run \"genret model fetch \(wanted.name)\"")
        }
        return place
    }

    /// SHA-256 of a folder's weights.
    static func hash(of folder: String) throws -> String {
        let weights = try Data(
            contentsOf: URL(filePath: folder).appending(path: "model.safetensors"), options: .alwaysMapped)
        return weights.withUnsafeBytes { SHA256.hex(of: $0) }
    }
}
