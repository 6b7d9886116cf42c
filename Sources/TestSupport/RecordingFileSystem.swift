import Foundation
import Storage
import Synchronization

/// Does what it is told with real files below a root, and keeps the sequence of what it did.
///
/// Only what succeeded is kept. Steps of several threads are done one after the other, in the order that is kept.
package final class RecordingFileSystem: FileSystem {
    /// The folder that everything must lie in, as an absolute path.
    package let root: String
    /// What lay in it when recording began.
    package let before: FileTree

    private let files: any FileSystem
    /// Whether the disk is really waited for; no test cuts the power, and many syncs take long.
    fileprivate let waitsForDisk: Bool
    private let state = Mutex(State())

    private struct State {
        var operations: [FileOperation] = []
        var fileCount = 0
    }

    /// - Parameter waitsForDisk: whether syncs are passed on; they are kept in either case.
    package init(
        root: String, over files: any FileSystem = LocalFileSystem(), waitsForDisk: Bool = false
    ) throws {
        self.waitsForDisk = waitsForDisk
        self.root = "/" + Self.components(root).joined(separator: "/")
        self.files = files
        before = try FileTree(of: root)
    }

    /// The steps so far.
    package var operations: [FileOperation] { state.withLock { $0.operations } }

    /// How many steps were done so far: a mark in the sequence, such as "the commit has returned here".
    package var count: Int { state.withLock { $0.operations.count } }

    package var recording: Recording { Recording(before: before, operations: operations) }

    /// Where the root differs from what the steps made of it: what was changed past this file system.
    package func unrecorded() throws -> [String] {
        let real = try FileTree(of: root).entries
        let recorded = try recording.after().entries
        return Set(real.keys).union(recorded.keys).filter { real[$0] != recorded[$0] }.sorted()
    }

    package func makeFolder(_ path: String) throws(StorageError) {
        let name = try inside(path)
        try record(.makeFolder(name)) { () throws(StorageError) in try files.makeFolder(path) }
    }

    package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
        let name = try inside(path)
        return try state.withLock { state throws(StorageError) in
            let file = try files.createFile(path)
            let number = state.fileCount
            state.fileCount += 1
            state.operations.append(.createFile(name, file: number))
            return RecordedFile(file, number, self)
        }
    }

    package func rename(_ path: String, to place: String, replacing: Bool) throws(StorageError) {
        let step = FileOperation.rename(try inside(path), to: try inside(place))
        try record(step) { () throws(StorageError) in
            try files.rename(path, to: place, replacing: replacing)
        }
    }

    package func removeFile(_ path: String) throws(StorageError) {
        let name = try inside(path)
        try record(.removeFile(name)) { () throws(StorageError) in try files.removeFile(path) }
    }

    package func removeFolder(_ path: String) throws(StorageError) {
        let name = try inside(path)
        try record(.removeFolder(name)) { () throws(StorageError) in try files.removeFolder(path) }
    }

    /// Folders outside the root may be synced, too; that is not kept.
    package func syncFolder(_ path: String) throws(StorageError) {
        guard let name = relative(path) else { return try files.syncFolder(path) }
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        try record(.syncFolder(name)) { () throws(StorageError) in
            // Where there is none, the system says so.
            if waitsForDisk || !isThere { try files.syncFolder(path) }
        }
    }

    fileprivate func record(
        _ operation: FileOperation, _ body: () throws(StorageError) -> Void
    ) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            try body()
            state.operations.append(operation)
        }
    }

    private func inside(_ path: String) throws(StorageError) -> String {
        guard let name = relative(path), !name.isEmpty else {
            throw .io(path: path, reason: "not inside the recorded folder \(root)")
        }
        return name
    }

    private func relative(_ path: String) -> String? {
        let base = Self.components(root)
        let parts = Self.components(path)
        guard parts.starts(with: base) else { return nil }
        return parts.dropFirst(base.count).joined(separator: "/")
    }

    /// The names of an absolute path, by its text alone: links are not followed.
    private static func components(_ path: String) -> [Substring] {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var parts: [Substring] = []
        for part in absolute.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts
    }
}

/// An open file whose steps are kept.
private final class RecordedFile: WritableFile {
    private let file: any WritableFile
    private let number: Int
    private let owner: RecordingFileSystem
    private var isOpen = true

    init(_ file: any WritableFile, _ number: Int, _ owner: RecordingFileSystem) {
        self.file = file
        self.number = number
        self.owner = owner
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
        try owner.record(.write([UInt8](bytes), offset: offset, file: number)) { () throws(StorageError) in
            try file.write(bytes, at: offset)
        }
    }

    func sync() throws(StorageError) {
        try owner.record(.sync(file: number)) { () throws(StorageError) in
            // A closed file tells its own error.
            if owner.waitsForDisk || !isOpen { try file.sync() }
        }
    }

    func close() throws(StorageError) {
        guard isOpen else { return }
        isOpen = false
        try owner.record(.close(file: number)) { () throws(StorageError) in try file.close() }
    }
}
