import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A hidden folder that work is done in until it is moved into place, or thrown away.
///
/// Its name ends at random and it is made anew, so that nothing that lies there already, a link least of
/// all, is written through. The process holds a lock on it while it lives: a folder that nobody holds was
/// left behind by a process that was killed, and the next one that stages beside it removes it.
package final class StagingFolder: Sendable {
    package let url: URL
    private let lock: Int32
    private let files: any FileSystem

    /// Makes a folder in `parent`, which is made if need be, whose name is `prefix`, the number of this process
    /// and some random characters.
    ///
    /// - Parameters:
    ///   - isAlone: whether it is an error when another process stages under this prefix.
    ///   - removing: removes what was left behind by a process that was killed.
    /// - Throws: ``StorageError/io(path:reason:)``; ``StorageError/locked(path:holder:)``.
    package init(
        in parent: URL, prefix: String, files: any FileSystem = LocalFileSystem(), isAlone: Bool = false,
        removing: (URL) -> Void = { try? FileManager.default.removeItem(at: $0) }
    ) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw .io(path: parent.path, reason: error.systemReason)
        }
        self.files = files
        // Held until the new folder is locked, or it would look left behind for a moment.
        let gate = Self.lock(parent)
        defer {
            if gate >= 0 {
                flock(gate, LOCK_UN)
                close(gate)
            }
        }
        if gate >= 0, let holder = Self.sweep(parent, prefix, removing), isAlone {
            throw .locked(path: parent.path, holder: holder)
        }
        var random = SystemRandomNumberGenerator()
        let mark = String(random.next() as UInt64, radix: 36)
        url = parent.appending(path: "\(prefix)\(getpid())-\(mark)", directoryHint: .isDirectory)
        try files.makeFolder(url.path)
        lock = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
        StagedWork.shared.add(url.path)
    }

    deinit {
        guard lock >= 0 else { return }
        // A process that is being started has a copy of the descriptor, and the lock with it.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Removes the folder and all in it, if it is still there.
    package func discard() {
        try? files.removeTree(url.path)
        StagedWork.shared.remove(url.path)
    }

    /// Moves the folder out of staging; meanwhile the process does not end by ``StagedWork/removeAll()``.
    package func commit(_ move: () throws(StorageError) -> Void) throws(StorageError) {
        try StagedWork.shared.commit(url.path, move)
    }

    /// Waits a second for the lock of a folder.
    ///
    /// - Returns: its descriptor, or -1 where others keep it.
    private static func lock(_ folder: URL) -> Int32 {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return -1 }
        for _ in 0..<200 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            usleep(5_000)
        }
        close(descriptor)
        return -1
    }

    /// Removes folders of the same prefix that no process holds.
    ///
    /// - Returns: the number of a process that holds one; nil where none does.
    private static func sweep(_ parent: URL, _ prefix: String, _ remove: (URL) -> Void) -> Int32? {
        var holder: Int32?
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        where name.hasPrefix(prefix) {
            let path = parent.appending(path: name).path
            let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard folder >= 0 else { continue }
            defer { close(folder) }
            if flock(folder, LOCK_EX | LOCK_NB) == 0 {
                remove(URL(filePath: path))
            } else {
                holder = Int32(name.dropFirst(prefix.count).prefix { $0.isNumber }) ?? 0
            }
        }
        return holder
    }
}
