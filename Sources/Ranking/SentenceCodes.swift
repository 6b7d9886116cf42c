import Docids
import Memory
import Storage

/// The vectors of the sentences of a segment's passages, in the order of the leaves of their docid tree: what docids lead to where
/// they see sentences.
package struct SentenceCodes: Sendable {
    package static let fileKind = "sentence-vectors"
    private static let ownersSection = "sentences.passages"

    package let codes: LeafCodes
    /// The passage of each sentence, by its number in the segment.
    package let owners: EntryPassages

    /// The number of passages.
    package var count: Int { owners.passageCount }
    package var dimension: Int { codes.dimension }

    /// - Precondition: there are as many vectors as owners.
    package init(codes: LeafCodes, owners: EntryPassages) {
        precondition(codes.count == owners.count)
        (self.codes, self.owners) = (codes, owners)
    }

    /// Passages as their own only sentences; nil for vectors that are not coded.
    package init?(ofPassages dense: DenseIndex) {
        guard let codes = dense.codes,
            let owners = EntryPassages(FrozenArray(Array(0..<Int32(codes.count))), passageCount: codes.count)
        else { return nil }
        self.init(codes: codes, owners: owners)
    }

    /// Maps a file.
    ///
    /// - Throws: `StorageError` or `DocidError` when the parts are damaged or do not fit together.
    package init(_ container: Container) throws {
        let codes = try LeafCodes(container.contains(LeafCodes.nibbleSection) ? .nibble : .byte, hasSigns: false) {
            try container.bytes($0)
        }
        let passages = try container.section(Self.ownersSection, of: Int32.self)
        let last = passages.isEmpty ? 0 : Int(passages[passages.count - 1]) &+ 1
        guard passages.count == codes.count, let owners = EntryPassages(passages, passageCount: last) else {
            throw StorageError.damaged(path: container.path, what: "its sentences do not follow one another")
        }
        self.init(codes: codes, owners: owners)
    }

    /// Writes the file.
    package func write(to writer: ContainerWriter) throws(StorageError) {
        for section in codes.sections() { try writer.write(section.name, section.bytes) }
        try writer.write(Self.ownersSection, owners.passages)
        try writer.finish()
    }
}
