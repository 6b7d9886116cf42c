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
public final class StagingFolder: Sendable {
    public let url: URL
    private let lock: Int32

    /// Makes `prefix` and some random characters a folder in `parent`, which is made if need be.
    ///
    /// - Parameter removing: removes what was left behind by a process that was killed.
    /// - Throws: ``StorageError/io(path:reason:)``.
    public init(
        in parent: URL, prefix: String, removing: (URL) -> Void = { try? FileManager.default.removeItem(at: $0) }
    ) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw .io(path: parent.path, reason: error.systemReason)
        }
        // Held until the new folder is locked, or it would look left behind for a moment.
        let gate = Self.lock(parent)
        defer { if gate >= 0 { close(gate) } }
        if gate >= 0 { Self.sweep(parent, prefix, removing) }
        var template = Array(parent.appending(path: prefix + "XXXXXX").path.utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .io(path: parent.path, reason: String(cString: strerror(errno)))
        }
        let path = template.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        url = URL(filePath: path, directoryHint: .isDirectory)
        // As private as any folder that the user makes.
        let mask = umask(0)
        umask(mask)
        chmod(path, 0o777 & ~mask)
        lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
        StagedWork.shared.add(path)
    }

    deinit { if lock >= 0 { close(lock) } }

    /// Removes the folder and all in it, if it is still there.
    public func discard() {
        try? FileManager.default.removeItem(at: url)
        StagedWork.shared.remove(url.path)
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
    private static func sweep(_ parent: URL, _ prefix: String, _ remove: (URL) -> Void) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        where name.hasPrefix(prefix) {
            let path = parent.appending(path: name).path
            let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard folder >= 0 else { continue }
            defer { close(folder) }
            if flock(folder, LOCK_EX | LOCK_NB) == 0 { remove(URL(filePath: path)) }
        }
    }
}
