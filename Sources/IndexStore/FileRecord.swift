import Foundation
import Storage

/// A file of an index as the manifest names it, so that another in its place is noticed.
public struct FileRecord: Codable, Sendable, Equatable {
    public var name: String
    public var bytes: Int
    /// SHA-256 of the file; of a container (`.gnr`) that of its first 4,096 bytes, which hold the checksum of
    /// every section: a large file is known by what is read at once.
    public var sha256: String

    package init(name: String, bytes: Int, sha256: String) {
        (self.name, self.bytes, self.sha256) = (name, bytes, sha256)
    }

    /// The record of a file that is there.
    ///
    /// - Throws: ``StorageError/io(path:reason:)``.
    package init(of path: String) throws(StorageError) {
        let name = URL(filePath: path).lastPathComponent
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            var hash = SHA256()
            if Self.isContainer(name) {
                hash.update([UInt8](try file.read(upToCount: Container.headLength) ?? Data()))
            } else {
                while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update([UInt8](piece)) }
            }
            self.init(name: name, bytes: Int(try file.seekToEnd()), sha256: hash.hex())
        } catch {
            throw .io(path: path, reason: error.systemReason)
        }
    }

    static func isContainer(_ name: String) -> Bool { name.hasSuffix(".gnr") }
}

/// A folder of an index: its name and files. A folder's name ends with the digest of what is in it, so that
/// none is ever written over.
public struct FolderRecord: Codable, Sendable, Equatable {
    /// In the index's folder; "." is that itself, in indexes of older formats.
    public var folder: String
    /// In the order of their names.
    public var files: [FileRecord]

    package init(folder: String, files: [FileRecord]) {
        (self.folder, self.files) = (folder, files)
    }

    /// The record of files that stand in a folder, which gets its name from them.
    package init(_ prefix: String, files: [FileRecord]) {
        self.init(folder: "", files: files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        folder = prefix + "-" + sha256.prefix(Self.digits)
    }

    /// Digits of the digest in a folder's name.
    static let digits = 16

    /// Over the names, lengths and digests of the files.
    public var sha256: String {
        var hash = SHA256()
        for file in files { hash.update("\(file.name)\t\(file.bytes)\t\(file.sha256)\n") }
        return hash.hex()
    }

    public func contains(_ name: String) -> Bool { files.contains { $0.name == name } }
}
