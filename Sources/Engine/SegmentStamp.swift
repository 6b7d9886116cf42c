import IndexStore
import Memory
import Storage

/// What a segment's passages were cut and encoded with, written into its file of passages: a segment of another index is
/// noticed whatever a manifest says.
package struct SegmentStamp: Sendable, Equatable {
    /// The tokenizer's fingerprint.
    package var tokenizer: String
    /// SHA-256 of the encoder's weights; empty where there is none.
    package var encoder: String

    package init(_ manifest: IndexManifest) {
        (tokenizer, encoder) = (manifest.tokenizer.fingerprint, manifest.encoder?.sha256 ?? "")
    }

    /// The stamp of a file of passages; nil in one that an older genret wrote.
    init?(_ container: Container) throws(StorageError) {
        guard container.contains(Self.tokenizerSection) else { return nil }
        tokenizer = String(decoding: try container.bytes(Self.tokenizerSection).toArray(), as: UTF8.self)
        encoder = String(decoding: try container.bytes(Self.encoderSection).toArray(), as: UTF8.self)
    }

    package func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write(Self.tokenizerSection, Array(tokenizer.utf8))
        try writer.write(Self.encoderSection, Array(encoder.utf8))
    }

    private static let tokenizerSection = "stamp.tokenizer"
    private static let encoderSection = "stamp.encoder"
}

extension IndexReader {
    /// - Throws: ``EngineError/mismatch(path:what:)`` where a segment was made with another tokenizer, or another encoder,
    ///   than the index has.
    func checkStamps() throws {
        let own = SegmentStamp(manifest)
        for segment in snapshot.segments {
            // Without its passages nothing of a segment can be shown, which is said once, by those who show it.
            guard let stamp = (try? segment.component(PassageStore.self))?.stamp, stamp != own else { continue }
            let what = stamp.tokenizer == own.tokenizer ? "encoder" : "tokenizer"
            throw EngineError.mismatch(
                path: path, what: "\(segment.record.files.folder) was made with another \(what) than the index has")
        }
    }
}
