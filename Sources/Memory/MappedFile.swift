import CFileSystem

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file mapped read-only into memory; unmapped with its last reference.
package final class MappedFile: @unchecked Sendable {
    package let path: String
    package let byteCount: Int
    private let address: UnsafeMutableRawPointer?
    /// Its number among the watched mappings; less than 0 where it is none.
    private let number: Int32

    /// Maps the whole file.
    ///
    /// - Throws: ``MappingError`` with the path and the operating system's reason.
    package init(path: String) throws(MappingError) {
        self.path = path
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw MappingError(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw MappingError(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw MappingError(path: path, code: EISDIR) }
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            address = nil
            number = -1
            return
        }
        let mapped = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw MappingError(path: path, code: errno) }
        address = mapped
        number = cf_mapping_note(mapped, byteCount)
        if number >= 0 { WatchedFiles.shared.add(number, path, status) }
    }

    deinit {
        if number >= 0 {
            WatchedFiles.shared.remove(number)
            cf_mapping_forget(number)
        }
        if let address { munmap(address, byteCount) }
    }

    /// The file's bytes; they stay mapped while the array lives.
    package var bytes: FrozenArray<UInt8> {
        guard let address else { return FrozenArray([]) }
        return FrozenArray(
            base: UnsafePointer(address.bindMemory(to: UInt8.self, capacity: byteCount)),
            count: byteCount, owner: self)
    }
}

/// A file could not be mapped.
package struct MappingError: Error, CustomStringConvertible {
    package let path: String
    package let code: Int32

    package var description: String { "\(path): \(String(cString: strerror(code)))" }
}
