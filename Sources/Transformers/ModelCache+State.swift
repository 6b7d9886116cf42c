import Foundation

extension ModelCache {
    /// Whether a model can be used.
    public enum State: Sendable {
        case absent
        case installed
        case damaged(ModelError)
    }

    /// The state of a model of the cache.
    ///
    /// - Parameter isDeep: hashes the files of a known model and loads any other; else only the lengths of a known one's
    ///   files are compared.
    public func state(of name: String, isDeep: Bool = false) -> State {
        guard let folder = directory(of: name) else { return .absent }
        do throws(ModelError) {
            if isDeep { try verify(name) } else { try verifyLengths(of: name, in: folder) }
            return .installed
        } catch {
            return .damaged(error)
        }
    }

    private func verifyLengths(of name: String, in folder: URL) throws(ModelError) {
        for file in KnownModel.all.first(where: { $0.name == name })?.files ?? [] {
            let path = folder.appendingPathComponent(file.path).path
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
            defer { close(descriptor) }
            let length = lseek(descriptor, 0, SEEK_END)
            guard length == file.byteCount else {
                throw .malformed(path: path, reason: "\(length) bytes; expected \(file.byteCount)")
            }
        }
    }
}
