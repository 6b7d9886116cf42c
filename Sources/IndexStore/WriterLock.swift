import Foundation
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The lock of an index's one writer: a file `.lock` that says who holds it. The system frees it with the
/// process.
final class WriterLock {
    static let name = ".lock"

    private let descriptor: Int32

    /// - Throws: ``StorageError/locked(path:holder:)`` where another writer has it;
    ///   ``StorageError/io(path:reason:)``.
    init(_ index: URL) throws(StorageError) {
        let path = index.appending(path: Self.name).path
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw .io(path: path, reason: String(cString: strerror(reason))) }
            throw .locked(path: index.path, holder: holder)
        }
        // For those who are refused; nothing depends on it.
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    deinit {
        ftruncate(descriptor, 0)
        // A process that is being started has a copy of the descriptor until it runs its program: closing ours alone would
        // leave the lock with it for that long.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber })
    }
}
