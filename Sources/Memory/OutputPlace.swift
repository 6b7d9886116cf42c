import Foundation

/// What a path for output means, with all links followed.
enum OutputPlace {
    /// An open descriptor of this process: `-`, `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/3`.
    ///
    /// Opening such a path again would write a regular file from its start, and fails for a socket.
    case descriptor(Int32)
    /// A device, a FIFO or another process's descriptor.
    case stream(String)
    /// A regular file, or none yet.
    case file(String, existing: stat?)

    private static let mostLinks = 40

    init(path: String) throws(OutputFile.Failure) {
        guard path != "-" else {
            self = .descriptor(STDOUT_FILENO)
            return
        }
        guard !path.isEmpty else { throw OutputFile.Failure(path, "the path is empty") }
        var place = path
        for _ in 0..<Self.mostLinks {
            if let number = Self.descriptor(place) {
                self = number.isOwn ? .descriptor(number.value) : .stream(place)
                return
            }
            var status = stat()
            guard lstat(place, &status) == 0 else {
                guard errno == ENOENT, !place.hasSuffix("/") else {
                    throw OutputFile.Failure(path, code: errno == ENOENT ? EISDIR : errno)
                }
                self = .file(place, existing: nil)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else {
                    throw OutputFile.Failure(path, code: errno)
                }
                place = target.hasPrefix("/") ? target : Self.folder(of: place) + "/" + target
            case S_IFREG:
                // A file that nobody may write is not replaced either.
                guard access(place, W_OK) == 0 else { throw OutputFile.Failure(path, code: errno) }
                self = .file(place, existing: status)
                return
            case S_IFDIR: throw OutputFile.Failure(path, code: EISDIR)
            default:
                self = .stream(place)
                return
            }
        }
        throw OutputFile.Failure(path, code: ELOOP)
    }

    /// The folder in which a name stands.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The number where a path names an open descriptor, and whether it is one of this process.
    private static func descriptor(_ path: String) -> (value: Int32, isOwn: Bool)? {
        guard let name = path.split(separator: "/").last, let number = Int32(name), number >= 0,
            let resolved = realpath(folder(of: path), nil)
        else { return nil }
        defer { free(resolved) }
        let parts = String(cString: resolved).split(separator: "/")
        if parts == ["dev", "fd"] { return (number, true) }
        guard parts.first == "proc", parts.last == "fd", parts.count >= 3, let process = Int32(parts[1]) else {
            return nil
        }
        return (number, process == getpid())
    }
}
