import Foundation
import Search
import Storage

/// One generation of an index, held: its files stay as they are until the snapshot is let go, whatever writers
/// do.
public final class IndexSnapshot: Sendable {
    public let root: URL
    public let manifest: IndexManifest
    /// The first 16 digits of the manifest's SHA-256: what tells this generation from every other.
    public let id: String
    /// In the order of the corpus.
    public let segments: [SegmentSnapshot]
    /// Of large files in use.
    public let checks: LateChecks
    /// Where folders are that are not in `root` yet, by name.
    private let staged: [String: URL]
    private let holds: [FolderHold]
    /// Folders that the manifest names and that cannot be held.
    private let missing: Set<String>

    init(root: URL, manifest: IndexManifest, bytes: Data, staged: [String: URL] = [:], checksLate: Bool = false)
        throws(StorageError)
    {
        checks = LateChecks(isLate: checksLate)
        self.root = root
        self.manifest = manifest
        self.staged = staged
        id = String(bytes.withUnsafeBytes { SHA256.hex(of: $0) }.prefix(16))
        var (holds, missing): ([FolderHold], Set<String>) = ([], [])
        for name in Set(manifest.folders.map(\.folder)) where name != "." || staged[name] != nil {
            if let hold = FolderHold(reading: staged[name] ?? root.appending(path: name)) {
                holds.append(hold)
            } else {
                missing.insert(name)
            }
        }
        (self.holds, self.missing) = (holds, missing)
        let checks = checks
        segments = manifest.segments.map { record in
            SegmentSnapshot(record, checks) { staged[$0] ?? root.appending(path: $0) }
        }
    }

    /// Where a folder that the manifest names is.
    func place(of folder: String) -> URL {
        staged[folder] ?? (folder == "." ? root : root.appending(path: folder))
    }

    /// Whether a folder that the manifest names is gone: its index was changed after the manifest was read, or
    /// is damaged.
    var isIncomplete: Bool { !missing.isEmpty }

    /// Whether somebody has moved the index, or put another in its place: what was not opened yet cannot be found any
    /// more. Writers of genret leave what is held where it is.
    package var isMoved: Bool { !holds.allSatisfy(\.isInPlace) }

    /// Opens the generation that stands.
    ///
    /// Nothing but the manifest is read; folders are held, so that later reads find them. A folder of a segment
    /// that is gone is an error; one of a part is an error when the part is asked for.
    ///
    /// - Parameter checksLate: uses large files before all of them was checked: for searches, which can take an answer back.
    /// - Throws: ``StorageError`` when there is no index, or one of another format, or its manifest or a segment
    ///   is damaged.
    public static func open(_ index: URL, checksLate: Bool = false) throws(StorageError) -> IndexSnapshot {
        var last: Data?
        var repeats = 0
        while true {
            let (manifest, bytes) = try ManifestFile.read(index)
            let snapshot = try IndexSnapshot(root: index, manifest: manifest, bytes: bytes, checksLate: checksLate)
            guard snapshot.isIncomplete else { return snapshot }
            // A writer was faster: there is a newer manifest by now, or again one of before, where an index is replaced
            // by turns. Where the same one stays, this is damage.
            repeats = last == bytes ? repeats + 1 : 0
            if repeats == 4 {
                let needed = manifest.segments.flatMap(\.folders)
                for folder in needed.map(\.folder) where snapshot.missing.contains(folder) {
                    let path = index.appending(path: folder).path
                    throw .io(path: path, reason: "this folder of the index cannot be read")
                }
                return snapshot
            }
            last = bytes
        }
    }

    /// The folder of a part; nil where the index has no such part.
    ///
    /// - Throws: ``StorageError`` where it is gone.
    public func folder(of kind: ComponentID) throws(StorageError) -> PartFolder? {
        guard let record = manifest.part(kind) else { return nil }
        let name = record.files.folder
        guard !missing.contains(name) else {
            throw .io(path: root.appending(path: name).path, reason: "this folder of the index cannot be read")
        }
        return PartFolder(record, url: place(of: name), of: self)
    }

    /// A part, read and checked.
    ///
    /// - Throws: what the part throws; ``StorageError`` where its files are not those of the manifest.
    public func part<Part: IndexPart>(_ type: Part.Type, in environment: PartEnvironment) throws -> Part? {
        try part(type, kind: Part.kind, in: environment)
    }

    /// One of the parts of which there may be several, by its whole kind.
    public func part<Part: IndexPart>(
        _ type: Part.Type, kind: ComponentID, in environment: PartEnvironment
    ) throws -> Part? {
        guard let folder = try folder(of: kind) else { return nil }
        try folder.check()
        return try Part(folder, in: environment)
    }

    /// An estimate that fits a search; nil where there is none that is valid.
    ///
    /// - Parameter used: the kinds of parts, and ids of estimates, that the search uses.
    public func estimate<Value>(
        _ id: ComponentID, as type: Value.Type, using used: Set<ComponentID>
    ) -> Estimate<Value>? {
        guard let record = manifest.estimate(id, using: used), let value = try? record.value.decoded(as: type) else {
            return nil
        }
        return Estimate(
            value, inputs: record.inputs, queries: record.queries, objective: record.objective,
            baseline: record.baseline)
    }
}
