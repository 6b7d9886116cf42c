import Foundation
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder of an index that a reader uses: while it is held, no writer removes it, whatever the manifest has
/// come to name. A process that dies holds nothing.
final class FolderHold: Sendable {
    private let folder: URL
    private let descriptor: Int32

    /// Holds a folder that is there and not being removed.
    init?(reading folder: URL) {
        guard let descriptor = Self.locked(folder, LOCK_SH) else { return nil }
        (self.folder, self.descriptor) = (folder, descriptor)
        // A writer that removed the folder between the opening and the lock has left one that no name leads to.
        guard isInPlace else { return nil }
    }

    /// Holds a folder that nobody reads, to remove it.
    init?(removing folder: URL) {
        guard let descriptor = Self.locked(folder, LOCK_EX) else { return nil }
        (self.folder, self.descriptor) = (folder, descriptor)
    }

    deinit {
        // As in ``WriterLock``: processes that are being started have copies.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether its name still leads to it.
    var isInPlace: Bool {
        var (held, named) = (stat(), stat())
        guard fstat(descriptor, &held) == 0, lstat(folder.path, &named) == 0 else { return false }
        return held.st_dev == named.st_dev && held.st_ino == named.st_ino
    }

    private static func locked(_ folder: URL, _ kind: Int32) -> Int32? {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        // Where the file system knows no locks, the folder is as good as held by nobody.
        guard flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
