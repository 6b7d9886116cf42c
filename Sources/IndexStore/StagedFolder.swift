import Foundation
import Search
import Storage

/// A folder that is being filled, to become one of the index when its transaction commits.
public final class StagedFolder: Sendable {
    public let url: URL
    let files: any FileSystem

    /// Makes the folder.
    init(_ url: URL, files: any FileSystem) throws(StorageError) {
        (self.url, self.files) = (url, files)
        try files.makeFolder(url.path)
    }

    public func path(_ name: String) -> String { url.appending(path: name).path }

    /// A new container in the folder.
    public func writer(_ name: String, kind: String) throws(StorageError) -> ContainerWriter {
        try ContainerWriter(path: path(name), kind: kind, files: files)
    }

    /// Writes a whole file.
    public func write(_ bytes: some Sequence<UInt8>, as name: String) throws(StorageError) {
        try files.write(bytes, to: path(name))
    }

    /// Copies a file that is none of the index.
    public func copy(_ source: URL, as name: String) throws(StorageError) {
        _ = try files.copyFile(source.path, to: path(name))
    }

    /// The folder with the name that it will have: what is in it, and the digest of that.
    func record(_ prefix: String) throws(StorageError) -> FolderRecord {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw .io(path: url.path, reason: error.systemReason)
        }
        var records: [FileRecord] = []
        for name in names.sorted() { records.append(try FileRecord(of: path(name))) }
        return FolderRecord(prefix, files: records)
    }
}
