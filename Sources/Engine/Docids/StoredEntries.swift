import Docids
import Foundation
import Memory
import Storage

/// A file of docid entries: `entries.gnr`, with the tree of their docids in an index.
package struct StoredEntries: Sendable {
    package static let fileName = "entries.gnr"
    /// In a training's folder, the entries with vectors that were trained.
    package static let trainedFileName = "trained-entries.gnr"
    package static let fileKind = "docid-entries"

    package var entries: DocidEntries
    /// Nil in a training's folder.
    package var tree: DocidTree?
    /// What they were made of, so that they need not be made again.
    package var fingerprint: String

    package init(entries: DocidEntries, tree: DocidTree?, fingerprint: String) {
        self.entries = entries
        self.tree = tree
        self.fingerprint = fingerprint
    }

    package func write(to path: String) throws(StorageError) {
        try write(to: ContainerWriter(path: path, kind: Self.fileKind))
    }

    package func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write("docids.entries.fingerprint", Array(fingerprint.utf8))
        for section in entries.sections() { try writer.write(section.name, section.bytes) }
        for section in tree?.sections() ?? [] { try writer.write(section.name, section.bytes) }
        try writer.finish()
    }

    /// - Throws: `StorageError` and ``DocidError`` where the file is damaged.
    package init(_ container: Container) throws {
        fingerprint = String(decoding: try container.bytes("docids.entries.fingerprint").toArray(), as: UTF8.self)
        entries = try DocidEntries { try container.bytes($0) }
        guard container.contains("docids.tree.sizes") else {
            tree = nil
            return
        }
        let tree = try DocidTree { try container.bytes($0) }
        guard tree.documentCount == entries.count, tree.dimension == entries.dimension else {
            throw StorageError.damaged(path: container.path, what: "the tree and the entries do not fit together")
        }
        self.tree = tree
    }
}
