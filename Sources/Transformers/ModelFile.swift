import Foundation
import Memory
import Storage

/// Reads the small files of a model's folder.
enum ModelFile {
    /// Longer JSON files are refused before they are read.
    static let largestJSON = 64 << 20

    static func map(_ url: URL) throws(ModelError) -> FrozenArray<UInt8> {
        do {
            return try MappedFile(path: url.path).bytes
        } catch {
            throw .unreadable(path: url.path, reason: String(cString: strerror(error.code)))
        }
    }

    static func json(_ url: URL) throws(ModelError) -> JSONValue {
        let bytes = try map(url)
        guard bytes.count <= largestJSON else {
            throw .malformed(path: url.path, reason: "larger than \(largestJSON) bytes")
        }
        do {
            return try JSONValue(parsing: bytes.toArray())
        } catch {
            throw .malformed(path: url.path, reason: "not JSON at \(error)")
        }
    }

    static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }
}
