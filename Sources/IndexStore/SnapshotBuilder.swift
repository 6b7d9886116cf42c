import Foundation
import Search
import Storage

/// Makes a small index of one segment that is never published: what an estimate is made on. Its parts are those of
/// another index, which are not copied; estimates it has the ones of key constants and the like, and docids none.
package struct SnapshotBuilder {
    /// The folder of the segment.
    package let folder: StagedFolder
    private let root: URL
    private let other: IndexSnapshot

    /// The parts that passages of another index can be searched with.
    private static let shared: Set<ComponentID> = ["tokenizer", "generator", "query-encoder"]

    /// - Parameter root: a folder that is there and of which only the caller knows.
    package init(_ root: URL, of other: IndexSnapshot) throws(StorageError) {
        (self.root, self.other) = (root, other)
        folder = try StagedFolder(root.appending(path: "segment"), files: LocalFileSystem())
    }

    package mutating func finish(passages: Int, tokens: Int) throws(StorageError) -> IndexSnapshot {
        let files = try folder.record("segment")
        var manifest = IndexManifest(
            genret: other.manifest.genret, corpus: other.manifest.corpus, tokenizer: other.manifest.tokenizer,
            encoder: other.manifest.encoder, vectors: other.manifest.vectors, options: other.manifest.options,
            segments: [SegmentRecord(files: files, passages: passages, tokens: tokens)])
        var places = [files.folder: folder.url]
        for part in other.manifest.parts where Self.shared.contains(part.kind) {
            manifest.setPart(part, of: part.kind)
            places[part.files.folder] = other.place(of: part.files.folder)
        }
        for estimate in other.manifest.estimates where other.manifest.isValid(estimate) {
            manifest.setEstimate(estimate)
        }
        return try IndexSnapshot(root: root, manifest: manifest, bytes: Data(), staged: places)
    }
}
