import Foundation
import Search
import Storage

/// The state of a transaction; dropped before ``commit()`` it removes what was staged.
final class TransactionWork {
    let destination: URL
    var manifest: IndexManifest?
    /// The manifest that stands; nil for a new index, and where it cannot be read.
    private var old: IndexManifest?
    private let files: any FileSystem
    /// Where the index's folders are until the end: `destination`, or a hidden sibling of it.
    private let root: URL
    /// The hidden folder in which folders are filled.
    private let staging: URL
    /// Held from the first look to the end; a new index has nobody who could want it, and no lock file.
    private let lock: WriterLock?
    /// A new index's folder until it has its name.
    private let sibling: StagingFolder?
    /// Filled folders by their names to be.
    private var filled: [(record: FolderRecord, url: URL)] = []
    private var count = 0
    /// Whether nothing of the index that stands goes on.
    var isReplaced = false
    /// Whether folders have their names already that no manifest names yet.
    private var isPlacing = false

    static let stagingName = ".staging"

    /// Changes an index that stands.
    convenience init(changing index: URL, files: any FileSystem) throws(StorageError) {
        // A folder that is no index gets no lock file.
        _ = try ManifestFile.read(index)
        try self.init(locking: index, files: files)
        manifest = try ManifestFile.read(index).manifest
        old = manifest
        try begin()
    }

    /// Replaces an index that stands, whole or damaged.
    convenience init(replacing index: URL, files: any FileSystem) throws(StorageError) {
        guard ManifestFile.isThere(index) else { throw .noIndex(path: index.path, reason: "no manifest of an index") }
        try self.init(locking: index, files: files)
        old = try? ManifestFile.read(index).manifest
        try begin()
    }

    private init(locking index: URL, files: any FileSystem) throws(StorageError) {
        (destination, root, self.files) = (index, index, files)
        sibling = nil
        staging = index.appending(path: Self.stagingName)
        lock = try WriterLock(index)
    }

    /// Clears away what a writer left that was killed.
    private func begin() throws(StorageError) {
        try files.removeTree(staging.path)
        if let old { Garbage(destination, files).collect(keeping: [old], replaced: []) }
        try makeStaging()
    }

    /// Makes an index where nothing stands.
    init(creating index: URL, files: any FileSystem) throws(StorageError) {
        (destination, self.files) = (index, files)
        let sibling: StagingFolder
        do throws(StorageError) {
            sibling = try StagingFolder(
                in: index.deletingLastPathComponent(), prefix: ".\(index.lastPathComponent).partial-", files: files,
                isAlone: true)
        } catch .locked(_, let holder) {
            throw .locked(path: index.path, holder: holder)
        }
        self.sibling = sibling
        root = sibling.url
        lock = nil
        staging = root.appending(path: Self.stagingName)
        try makeStaging()
    }

    private func makeStaging() throws(StorageError) {
        try files.makeFolder(staging.path)
        StagedWork.shared.add(staging.path)
    }

    deinit {
        try? files.removeTree(staging.path)
        StagedWork.shared.remove(staging.path)
        sibling?.discard()
        if isPlacing, let old { Garbage(destination, files).collect(keeping: [old], replaced: []) }
    }

    func stage() throws(StorageError) -> StagedFolder {
        count += 1
        return try StagedFolder(staging.appending(path: "\(count)"), files: files)
    }

    /// Ends the filling of a folder.
    func record(_ folder: StagedFolder, prefix: String) throws(StorageError) -> FolderRecord {
        try files.syncFolder(folder.url.path)
        let record = try folder.record(prefix)
        filled.append((record, folder.url))
        return record
    }

    func preview() throws(StorageError) -> IndexSnapshot {
        guard let manifest else { throw .noIndex(path: destination.path, reason: "it has no manifest yet") }
        let staged = Dictionary(filled.map { ($0.record.folder, $0.url) }, uniquingKeysWith: { a, _ in a })
        return try IndexSnapshot(root: root, manifest: manifest, bytes: Self.bytes(manifest), staged: staged)
    }

    private static func bytes(_ manifest: IndexManifest) throws(StorageError) -> Data {
        do {
            return try manifest.encoded()
        } catch {
            throw .damaged(path: ManifestFile.name, what: "\(error)")
        }
    }

    func commit() throws(StorageError) {
        guard var manifest else { throw .noIndex(path: destination.path, reason: "it has no manifest yet") }
        manifest.format = IndexManifest.currentFormat
        manifest.genret = GenretVersion.current
        // An index that is built anew begins anew, so that the same corpus gives the same bytes.
        manifest.generation = isReplaced ? 1 : (old?.generation ?? 0) + 1
        if let old, !isReplaced { manifest.date(after: old) }
        let named = Set(manifest.folders.map(\.folder))
        isPlacing = sibling == nil
        for (record, url) in filled where named.contains(record.folder) { try place(record, url) }
        try files.removeTree(staging.path)
        try files.syncFolder(root.path)
        let temporary = root.appending(path: ManifestFile.temporary).path
        try files.removeTree(temporary)
        try files.write(Self.bytes(manifest), to: temporary)
        try files.rename(temporary, to: root.appending(path: ManifestFile.name).path, replacing: true)
        // From here on the new folders are named, whatever fails.
        isPlacing = false
        try files.syncFolder(root.path)
        if let sibling {
            let (files, root, destination) = (files, root, destination)
            try sibling.commit { () throws(StorageError) in
                try files.rename(root.path, to: destination.path, replacing: false)
            }
            try files.syncFolder(destination.deletingLastPathComponent().path)
        }
        Garbage(destination, files).collect(keeping: [manifest], replaced: old?.folders ?? [])
    }

    /// Gives a filled folder its name; one that stands there by it holds the same.
    private func place(_ record: FolderRecord, _ url: URL) throws(StorageError) {
        let place = root.appending(path: record.folder).path
        guard access(url.path, F_OK) == 0 else { return }
        if access(place, F_OK) == 0, FolderRecord.ofFiles(in: place) == record { return }
        try files.rename(url.path, to: place, replacing: false)
    }
}
