import Foundation

/// What came through a pipe, kept in a file without a name, so that it can be read again.
final class Spool: Sendable {
    private static let pieceSize = 1 << 18
    /// How long a silent pipe is waited for before the build's caller is asked whether to go on.
    private static let patience: Int32 = 100

    let descriptor: Int32
    let byteCount: Int

    /// Copies what can be read at a descriptor, up to its end.
    ///
    /// The copy is in `TMPDIR`, or where that is not set in `/var/tmp`; it is gone with the process.
    ///
    /// - Throws: ``CorpusError/cancelled`` where `isCancelled` says so while nothing comes.
    init(
        copying source: Int32, path: String, isCancelled: () -> Bool
    ) throws(CorpusError) {
        let folder = Self.folder
        let target = try Self.unnamedFile(in: folder, for: path)
        do throws(CorpusError) {
            byteCount = try Self.copy(
                from: source, to: target, path: path, folder: folder, isCancelled: isCancelled)
        } catch {
            close(target)
            throw error
        }
        descriptor = target
    }

    deinit { close(descriptor) }

    private static var folder: String {
        if let set = getenv("TMPDIR").map({ String(cString: $0) }), !set.isEmpty { return set }
        return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp"
    }

    private static func unnamedFile(in folder: String, for path: String) throws(CorpusError) -> Int32 {
        var name = Array("\(folder)/genret-XXXXXX".utf8CString)
        let target = mkstemp(&name)
        guard target >= 0 else {
            throw .unreadable(
                path: path,
                reason: "the temporary folder \(folder) cannot be written: "
                    + String(cString: strerror(errno)))
        }
        unlink(name)
        _ = fcntl(target, F_SETFD, FD_CLOEXEC)
        return target
    }

    private static func copy(
        from source: Int32, to target: Int32, path: String, folder: String, isCancelled: () -> Bool
    ) throws(CorpusError) -> Int {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
        defer { piece.deallocate() }
        var total = 0
        while true {
            if isCancelled() { throw .cancelled }
            var asked = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
            let ready = poll(&asked, 1, patience)
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            let got = read(source, piece.baseAddress, piece.count)
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            guard got >= 0 else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            if got == 0 { return total }
            if total == 0 { try refuseDevice(source, path: path) }
            total += got
            var written = 0
            while written < got {
                let count = write(target, piece.baseAddress?.advanced(by: written), got - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw .unreadable(
                        path: path,
                        reason: "it does not fit in the temporary folder \(folder): "
                            + String(cString: strerror(errno)) + "; TMPDIR names another")
                }
                written += count
            }
        }
    }

    /// A device such as `/dev/zero` never ends; a terminal does.
    private static func refuseDevice(_ source: Int32, path: String) throws(CorpusError) {
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFCHR, isatty(source) == 0 else {
            return
        }
        throw .unreadable(path: path, reason: "it is a device, expected a file, a folder or a pipe")
    }
}
