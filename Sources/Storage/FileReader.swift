#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a file from its start, piece by piece.
final class FileReader {
    private let path: String
    private let descriptor: Int32

    /// - Throws: ``StorageError/io(path:reason:)``.
    init(_ path: String) throws(StorageError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .io(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    private static let pieceSize = 1 << 20

    /// The next piece; nil at the end.
    func next() throws(StorageError) -> [UInt8]? {
        var count = 0
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, filled in
            repeat {
                count = read(descriptor, buffer.baseAddress, buffer.count)
                failure = count < 0 ? errno : 0
            } while failure == EINTR
            filled = max(0, count)
        }
        guard failure == 0 else { throw .io(path: path, reason: String(cString: strerror(failure))) }
        return count == 0 ? nil : piece
    }
}
