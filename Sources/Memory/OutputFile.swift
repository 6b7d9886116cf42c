import Foundation

/// Bytes that go where a path leads: a new or a replaced file appears complete, and what is no regular
/// file is written to as it stands.
///
/// Links are followed. In the folder of the file that is meant the bytes first have a name that nobody
/// can guess, and ``finish()`` renames it; a writer that is dropped before removes it. A replaced file's
/// permissions stay. Devices, FIFOs and streams are never replaced, as ``OutputPlace`` says.
package struct OutputFile: ~Copyable, @unchecked Sendable {
    /// Why a file cannot be written.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { "\(path): cannot be written: \(reason)" }

        init(_ path: String, _ reason: String) {
            self.path = path
            self.reason = reason
        }

        init(_ path: String, code: Int32) {
            self.init(path, String(cString: strerror(code)))
        }
    }

    package let path: String
    private let opened: Opened
    private var isFinished = false

    private struct Opened {
        let descriptor: Int32
        /// The name until the file is complete; nil where bytes go to their place at once.
        var temporary: String?
        var target = ""
        var replaced: stat?
    }

    /// Opens what the path means; `-` is standard output.
    package init(path: String) throws(Failure) {
        let opened = try Self.open(path)
        self.path = path
        self.opened = opened
    }

    private static func open(_ path: String) throws(Failure) -> Opened {
        switch try OutputPlace(path: path) {
        case .descriptor(let number):
            // What was printed before comes before.
            fflush(nil)
            let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { throw Failure(path, code: errno) }
            return Opened(descriptor: copy)
        case .stream(let place):
            let descriptor = Foundation.open(place, O_WRONLY | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Failure(path, code: errno) }
            return Opened(descriptor: descriptor)
        case .file(let place, let existing):
            let (descriptor, name) = try OutputTemporary.create(beside: place, for: path)
            return Opened(descriptor: descriptor, temporary: name, target: place, replaced: existing)
        }
    }

    deinit {
        if !isFinished {
            // Removed while it is locked, so that no other writer takes it for left behind.
            if let temporary = opened.temporary { unlink(temporary) }
            close(opened.descriptor)
        }
    }

    /// Writes all bytes.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(opened.descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Someone else's stream that does not wait.
                var ready = pollfd(fd: opened.descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&ready, 1, -1)
                continue
            }
            guard count > 0 else { throw Failure(path, code: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Makes the bytes stay and gives the file its name.
    package mutating func finish() throws(Failure) {
        let descriptor = opened.descriptor
        if let temporary = opened.temporary {
            if let replaced = opened.replaced {
                // The owner can be kept by the superuser only; the permissions are kept last, as a change
                // of the owner may take some away.
                _ = fchown(descriptor, replaced.st_uid, replaced.st_gid)
                guard fchmod(descriptor, replaced.st_mode & 0o7777) == 0 else { throw Failure(path, code: errno) }
            }
            guard fsync(descriptor) == 0 || errno == EINVAL, rename(temporary, opened.target) == 0 else {
                throw Failure(path, code: errno)
            }
        }
        isFinished = true
        // A network file system may tell only now that there was no room.
        guard close(descriptor) == 0 || errno == EINTR else { throw Failure(path, code: errno) }
    }

    /// Writes a whole file.
    package static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(Failure) {
        var file = try OutputFile(path: path)
        // What lies in one piece, a mapped file for one, is not copied.
        let direct = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(Failure) in try file.write(UnsafeRawBufferPointer(buffer)) }
        }
        if let direct {
            try direct.get()
        } else {
            try Array(bytes).withUnsafeBufferPointer { (buffer) throws(Failure) in
                try file.write(UnsafeRawBufferPointer(buffer))
            }
        }
        try file.finish()
    }

    /// Says why a path cannot be written to, without changing anything.
    package static func check(_ path: String) throws(Failure) {
        guard case .file(let place, _) = try OutputPlace(path: path) else { return }
        let folder = OutputPlace.folder(of: place)
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Failure(path, "the folder \(folder) is not there or not writable")
        }
    }
}
