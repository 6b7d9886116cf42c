#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FileSystem {
    /// Removes a file, or a folder with all in it; links are removed and not followed. What is not there is
    /// fine.
    package func removeTree(_ path: String) throws(StorageError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .io(path: path, reason: String(cString: strerror(errno))) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try removeFile(path) }
        for name in try folderContents(path) { try removeTree(path + "/" + name) }
        try removeFolder(path)
    }
}

/// The names in a folder, in the order of their bytes.
private func folderContents(_ path: String) throws(StorageError) -> [String] {
    guard let folder = opendir(path) else { throw .io(path: path, reason: String(cString: strerror(errno))) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
