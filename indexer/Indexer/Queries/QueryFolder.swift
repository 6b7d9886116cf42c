import Engine
import Foundation
import Storage

/// The folder `queries` of an index.
enum QueryFolder {
    /// Puts a maker's queries into an index and enters them in the manifest, as it stands by now.
    static func store(
        _ items: [PassageQueries.Item], _ described: IndexManifest.Queries, in index: String
    ) throws(IndexingError) {
        var manifest = try ManifestFile.read(index)
        let place = URL(filePath: index).appending(path: IndexLayout.queries(described.maker))
        do {
            let staging = try StagingFolder(
                in: place.deletingLastPathComponent(), prefix: ".\(place.lastPathComponent).partial-")
            defer { staging.discard() }
            let file = staging.url.appending(path: place.lastPathComponent).path
            try PassageQueries.write(items, to: file)
            guard rename(file, place.path) == 0 else {
                throw StorageError.io(path: place.path, reason: String(cString: strerror(errno)))
            }
        } catch {
            guard let error = error as? StorageError else { throw .other(error.fileReason) }
            throw .storage(error)
        }
        var all = (manifest.queries ?? []).filter { $0.maker != described.maker }
        all.append(described)
        manifest.queries = all.sorted { $0.maker < $1.maker }
        try ManifestFile.replace(manifest, in: index)
    }
}
