import Decoding
import Foundation
import Memory
import Ranking
import Storage

/// A file of docids that are written token by token: `sequences.gnr`.
package struct StoredSequences: Sendable {
    package static let fileName = "sequences.gnr"
    package static let fileKind = "docid-sequences"

    package var search: SequenceDocidSearch
    /// Of the passages that the docids are of.
    package var fingerprint: String

    package init(search: SequenceDocidSearch, fingerprint: String) {
        self.search = search
        self.fingerprint = fingerprint
    }

    package func write(to path: String) throws(StorageError) {
        let writer = try ContainerWriter(path: path, kind: Self.fileKind)
        try writer.write("docids.sequences.fingerprint", Array(fingerprint.utf8))
        try writer.write("docids.sequences.passages", search.passages)
        for section in search.trie.sections { try writer.write("docids.sequences.\(section.name)", section.bytes) }
        try writer.finish()
    }

    /// - Throws: `StorageError` and ``TokenTrieDamage`` where the file is damaged.
    package init(_ container: Container) throws {
        fingerprint = String(
            decoding: try container.bytes("docids.sequences.fingerprint").toArray(), as: UTF8.self)
        let passages = try container.section("docids.sequences.passages", of: Int32.self)
        let trie = try TokenTrie { try container.bytes("docids.sequences.\($0)") }
        var seen = [Bool](repeating: false, count: passages.count)
        for place in passages.indices {
            let passage = Int(passages[place])
            guard seen.indices.contains(passage), !seen[passage] else {
                throw StorageError.damaged(path: container.path, what: "a docid's passage is out of place")
            }
            seen[passage] = true
        }
        guard trie.count == passages.count else {
            throw StorageError.damaged(path: container.path, what: "the docids and the passages do not fit together")
        }
        search = SequenceDocidSearch(trie: trie, passages: passages)
    }
}
