import CFileSystem

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The machine's own file system.
package struct LocalFileSystem: FileSystem {
    package init() {}

    package func makeFolder(_ path: String) throws(StorageError) {
        guard mkdir(path, 0o777) == 0 else { throw Self.failure(path) }
    }

    package func createFile(_ path: String) throws(StorageError) -> any WritableFile {
        // A link that lies there is an error and not written through.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path) }
        return LocalFile(path, descriptor)
    }

    package func rename(_ path: String, to place: String, replacing: Bool) throws(StorageError) {
        if replacing {
            guard renamed(path, place) == 0 else { throw Self.failure(place) }
            return
        }
        if cf_rename_new(path, place) == 0 { return }
        // A file system that knows no such rename has a moment between the look and the rename.
        guard errno == ENOTSUP else { throw Self.failure(place) }
        guard access(place, F_OK) != 0 else {
            errno = EEXIST
            throw Self.failure(place)
        }
        guard renamed(path, place) == 0 else { throw Self.failure(place) }
    }

    package func removeFile(_ path: String) throws(StorageError) {
        guard unlink(path) == 0 else { throw Self.failure(path) }
    }

    package func removeFolder(_ path: String) throws(StorageError) {
        guard rmdir(path) == 0 else { throw Self.failure(path) }
    }

    package func syncFolder(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { _ = closed(descriptor) }
        // File systems that sync names by themselves say that there is nothing to sync.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw Self.failure(path) }
    }

    fileprivate static func failure(_ path: String) -> StorageError {
        .io(path: path, reason: String(cString: strerror(errno)))
    }
}

/// An open file.
private final class LocalFile: WritableFile {
    private let path: String
    private var descriptor: Int32

    init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { _ = closed(descriptor) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if count == 0 { errno = EIO }
                throw LocalFileSystem.failure(path)
            }
            done += count
        }
    }

    func sync() throws(StorageError) {
        guard fsync(descriptor) == 0 else { throw LocalFileSystem.failure(path) }
    }

    func close() throws(StorageError) {
        guard descriptor >= 0 else { return }
        let open = descriptor
        descriptor = -1
        // A network file system may tell only now that there was no room.
        guard closed(open) == 0 || errno == EINTR else { throw LocalFileSystem.failure(path) }
    }
}

// Inside the types above these names mean their own members.
private func renamed(_ from: String, _ to: String) -> Int32 { rename(from, to) }
private func closed(_ descriptor: Int32) -> Int32 { close(descriptor) }
