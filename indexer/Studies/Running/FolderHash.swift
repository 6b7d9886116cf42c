import Foundation
import Memory
import Storage

/// One hash of the files of a model's folder.
enum FolderHash {
    /// SHA-256 over the names and contents of the files directly in a folder, in order of their names.
    static func sha256(_ folder: URL) throws -> String {
        var hash = SHA256()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let path = folder.appending(path: name).path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            hash.update(name + "\0")
            let bytes = try MappedFile(path: path).bytes
            hash.update("\(bytes.count)\0")
            bytes.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        }
        return hash.hex()
    }
}
