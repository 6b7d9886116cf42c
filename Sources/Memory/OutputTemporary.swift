import Foundation

/// The names that files have until they are complete: `.NAME.MARK.partial` beside the place, where nobody
/// can guess the mark.
///
/// A writer holds a lock on its file, so that the next one of the same place can tell what a killed
/// writer left, and removes it.
enum OutputTemporary {
    private static let ending = ".partial"
    private static let markLength = 13
    /// Names of files have 255 bytes at most.
    private static let longestStem = 200

    /// A new, open and locked file for the place.
    static func create(
        beside place: String, for path: String
    ) throws(OutputFile.Failure) -> (descriptor: Int32, name: String) {
        let folder = OutputPlace.folder(of: place)
        let stem = stem(of: place)
        sweep(folder, stem)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let digits = String(random.next(), radix: 36)
            let mark = String(repeating: "0", count: markLength - digits.count) + digits
            let name = "\(folder)/\(stem)\(mark)\(ending)"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                guard errno == EEXIST else { throw OutputFile.Failure(path, code: errno) }
                continue
            }
            // Another writer may look at the file before it is locked, and take it for left behind.
            var status = stat()
            let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            if isLocked, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (descriptor, name) }
            close(descriptor)
        }
        throw OutputFile.Failure(path, code: EEXIST)
    }

    private static func stem(of place: String) -> String {
        var name = place.split(separator: "/").last.map(String.init) ?? ""
        while name.utf8.count > longestStem { name.removeLast() }
        return ".\(name)."
    }

    /// Removes what killed writers of the same place left.
    private static func sweep(_ folder: String, _ stem: String) {
        guard let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            guard name.hasPrefix(stem), name.hasSuffix(ending),
                name.utf8.count == stem.utf8.count + markLength + ending.utf8.count
            else { continue }
            let path = folder + "/" + name
            let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            var status = stat()
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0,
                status.st_mode & S_IFMT == S_IFREG
            {
                unlink(path)
            }
            close(descriptor)
        }
    }
}
