import Foundation
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What lies in and around an index's folder beside what its manifest says: a writer at work, what broken work left, and
/// files that are not as they were written. Looking changes nothing and takes no lock from a writer.
public struct IndexSurroundings: Sendable {
    public enum Writer: Sendable, Equatable {
        case none
        /// The number of its process, where it says so.
        case process(Int32?)
        /// Somebody was killed while he wrote; the next writer takes over.
        case killed(Int32?)
    }

    /// A name in the folder that the manifest does not know.
    public struct Leftover: Sendable, Equatable, Codable {
        public var name: String
        public var bytes: Int
    }

    public let writer: Writer
    /// Folders and files that genret made and no generation names: what a reader of an older generation still holds, or
    /// what a killed writer left.
    public let leftovers: [Leftover]
    /// Files of the index that are gone, cannot be read or have another length.
    public let faults: [StorageError]
    /// Whether this process may change the index.
    public let isWritable: Bool
    /// Of the files that the manifest names.
    public let bytes: Int
    /// Free for this user on the index's file system; nil where the system does not say.
    public let freeBytes: Int?
    /// What writing all segments anew may take beside those that stand; 0 where there is nothing to gain.
    public let compactBytes: Int

    /// - Complexity: O(files of the index).
    public init(_ snapshot: IndexSnapshot) {
        let (root, manifest) = (snapshot.root, snapshot.manifest)
        writer = Self.writer(of: root)
        leftovers = Self.leftovers(in: root, beside: manifest)
        faults = manifest.folders.flatMap { folder in
            folder.files.compactMap { Self.fault(of: $0, in: snapshot.place(of: folder.folder)) }
        }
        isWritable = access(root.path, W_OK | X_OK) == 0
        bytes = manifest.folders.flatMap(\.files).reduce(0) { $0 + $1.bytes }
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: root.path)
        freeBytes = (attributes?[.systemFreeSize] as? NSNumber)?.intValue
        let isWhole = manifest.segments.count == 1 && manifest.segments.allSatisfy { $0.deleted == nil }
        compactBytes = isWhole ? 0 : manifest.segments.flatMap(\.files.files).reduce(0) { $0 + $1.bytes }
    }

    /// The lock is asked for only where a number stands in it that its holder would have taken out at its end: asking
    /// keeps another writer out for that moment.
    private static func writer(of index: URL) -> Writer {
        let descriptor = open(index.appending(path: WriterLock.name).path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return .none }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return .none }
        let holder = WriterLock.holder(descriptor)
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return .killed(holder) }
        return errno == EWOULDBLOCK ? .process(holder) : .none
    }

    private static func leftovers(in index: URL, beside manifest: IndexManifest) -> [Leftover] {
        let known = Set(manifest.folders.map(\.folder))
        let names = (try? FileManager.default.contentsOfDirectory(atPath: index.path)) ?? []
        // Empty folders are no work of genret's: it fills them before they have such a name.
        return names.sorted().filter { !known.contains($0) && isOfWork($0) }
            .map { Leftover(name: $0, bytes: size(of: index.appending(path: $0))) }.filter { $0.bytes > 0 }
    }

    private static func isOfWork(_ name: String) -> Bool {
        [Garbage.bin, ManifestFile.temporary, TransactionWork.stagingName].contains(name) || Garbage.isContentName(name)
    }

    private static func size(of place: URL) -> Int {
        let members = (FileManager.default.subpaths(atPath: place.path) ?? []).map { place.appending(path: $0) }
        return (members + [place]).reduce(0) { sum, file in
            var status = stat()
            return lstat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                ? sum + Int(status.st_size) : sum
        }
    }

    private static func fault(of file: FileRecord, in folder: URL) -> StorageError? {
        let path = folder.appending(path: file.name).path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .io(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .io(path: path, reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .damaged(path: path, what: "it is no file") }
        guard Int(status.st_size) == file.bytes else {
            return .damaged(path: path, what: "it has \(status.st_size) bytes, the manifest says \(file.bytes)")
        }
        return nil
    }
}
