import Foundation

enum FileSize {
    /// The size of a file as stored, 0 where it cannot be asked.
    static func bytes(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
