/// One step by which files changed, with its data. Paths are relative to the recorded root, which is "".
package enum FileOperation: Hashable, Sendable, CustomStringConvertible {
    case makeFolder(String)
    /// `file` is the number by which the later steps name the file, whatever it is renamed to.
    case createFile(String, file: Int)
    case write([UInt8], offset: Int, file: Int)
    case sync(file: Int)
    case close(file: Int)
    case rename(String, to: String)
    case removeFile(String)
    case removeFolder(String)
    case syncFolder(String)

    package var description: String {
        switch self {
        case .makeFolder(let path): "make folder \(path)"
        case .createFile(let path, let file): "create \(path) (file \(file))"
        case .write(let bytes, let offset, let file): "write \(bytes.count) bytes at \(offset) of file \(file)"
        case .sync(let file): "sync file \(file)"
        case .close(let file): "close file \(file)"
        case .rename(let path, let place): "rename \(path) to \(place)"
        case .removeFile(let path): "remove \(path)"
        case .removeFolder(let path): "remove folder \(path)"
        case .syncFolder(let path): "sync folder \(path.isEmpty ? "." : path)"
        }
    }
}
