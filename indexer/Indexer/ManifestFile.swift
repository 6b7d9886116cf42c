import Engine
import Foundation
import Storage

/// The manifest of an index that stands.
enum ManifestFile {
    static func read(_ index: String) throws(IndexingError) -> IndexManifest {
        do { return try Engine.manifest(of: index) } catch { throw .index(error) }
    }

    /// Replaces it in one step.
    static func replace(_ manifest: IndexManifest, in index: String) throws(IndexingError) {
        do {
            try manifest.encoded().write(
                to: URL(filePath: index).appending(path: IndexLayout.manifest), options: .atomic)
        } catch {
            throw .other(error.fileReason)
        }
    }
}
