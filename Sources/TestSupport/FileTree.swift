import Foundation
import Storage

/// What lies in a folder, in memory: a copy to compare with, or to make anew somewhere else.
package struct FileTree: Hashable, Sendable {
    package enum Entry: Hashable, Sendable {
        case folder
        case file([UInt8])
        /// A symbolic link and where it leads; it is not followed.
        case link(String)
    }

    /// By the path inside the folder, without a slash at either end. A folder is an entry of its own.
    package var entries: [String: Entry] = [:]

    /// A tree of files; the folders above them come with them.
    package init(_ files: [String: [UInt8]] = [:]) {
        for (path, bytes) in files {
            entries[path] = .file(bytes)
            var above = Substring(path)
            while let slash = above.lastIndex(of: "/") {
                above = above[..<slash]
                entries[String(above)] = .folder
            }
        }
    }

    /// Reads all that lies in a folder.
    package init(of folder: String) throws {
        let manager = FileManager.default
        for name in try manager.subpathsOfDirectory(atPath: folder) {
            let place = folder + "/" + name
            switch try manager.attributesOfItem(atPath: place)[.type] as? FileAttributeType {
            case .typeDirectory?: entries[name] = .folder
            case .typeSymbolicLink?: entries[name] = .link(try manager.destinationOfSymbolicLink(atPath: place))
            case .typeRegular?: entries[name] = .file([UInt8](try Data(contentsOf: URL(fileURLWithPath: place))))
            // A pipe would be waited for.
            default: throw StorageError.io(path: place, reason: "neither a file nor a folder nor a link")
            }
        }
    }

    /// Makes the folder, which must not be there, with all that lies in it.
    package func write(to folder: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: false)
        // A folder comes before what lies in it.
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let place = folder + "/" + name
            switch entry {
            case .folder: try manager.createDirectory(atPath: place, withIntermediateDirectories: false)
            case .file(let bytes): try Data(bytes).write(to: URL(fileURLWithPath: place))
            case .link(let target): try manager.createSymbolicLink(atPath: place, withDestinationPath: target)
            }
        }
    }

    /// The bytes of a file; nil where no file lies.
    package func file(_ path: String) -> [UInt8]? {
        if case .file(let bytes)? = entries[path] { bytes } else { nil }
    }

    /// A file's bytes as text; nil where no file lies.
    package func text(_ path: String) -> String? {
        file(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All paths, in their order.
    package var paths: [String] { entries.keys.sorted() }
}
