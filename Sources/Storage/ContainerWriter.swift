import CKernels
import Memory

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes a container file: named sections behind one checked header.
///
/// The header is written last, so that an interrupted file has no magic and is refused.
public final class ContainerWriter: SectionSink {
    private struct Section {
        var name: String
        var offset: Int
        var length: Int
        var checksum: UInt32
    }

    public let path: String
    private let kind: String
    private var file: UnsafeMutablePointer<FILE>?
    private var sections: [Section] = []
    private var isOpenSection = false
    private var position = ContainerFormat.sectionsStart

    /// Creates the file in the place of what is there; a link is replaced, not written through.
    public init(path: String, kind: String) throws(StorageError) {
        precondition(kind.utf8.count <= ContainerFormat.kindLength)
        self.path = path
        self.kind = kind
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.error(path) }
        guard let file = fdopen(descriptor, "wb") else {
            close(descriptor)
            throw Self.error(path)
        }
        self.file = file
        setvbuf(file, nil, _IOFBF, 1 << 20)
        try put([UInt8](repeating: 0, count: ContainerFormat.sectionsStart))
    }

    deinit {
        if let file { fclose(file) }
    }

    /// Starts a section whose bytes come in pieces.
    public func begin(_ name: String) throws(StorageError) {
        precondition(!isOpenSection && name.utf8.count < ContainerFormat.nameLength)
        precondition(sections.count < ContainerFormat.maximumSections, "too many sections")
        let padding = -position & (ContainerFormat.alignment - 1)
        if padding > 0 { try put([UInt8](repeating: 0, count: padding)) }
        position += padding
        sections.append(Section(name: name, offset: position, length: 0, checksum: 0))
        isOpenSection = true
    }

    /// Adds bytes to the open section.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        precondition(isOpenSection)
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        guard let file, fwrite(base, 1, bytes.count, file) == bytes.count else { throw Self.error(path) }
        let last = sections.count - 1
        sections[last].checksum = ck_crc32c(sections[last].checksum, base, bytes.count)
        sections[last].length += bytes.count
        position += bytes.count
    }

    /// Ends the open section.
    public func end() throws(StorageError) {
        precondition(isOpenSection)
        isOpenSection = false
    }

    /// Writes the header and the table, and forces everything to the disk.
    public func finish() throws(StorageError) {
        precondition(!isOpenSection)
        var table: [UInt8] = []
        for section in sections {
            table.append(padded: section.name, to: ContainerFormat.nameLength)
            table.append(UInt64(section.offset))
            table.append(UInt64(section.length))
            table.append(section.checksum)
            table.append(UInt32(0))
        }
        var header = ContainerFormat.magic
        header.append(ContainerFormat.version)
        header.append(UInt32(sections.count))
        header.append(UInt64(position))
        header.append(ck_crc32c(0, table, table.count))
        var kindBytes: [UInt8] = []
        kindBytes.append(padded: kind, to: ContainerFormat.kindLength)
        header.append(ck_crc32c(ck_crc32c(0, header, header.count), kindBytes, kindBytes.count))
        guard let open = file else { return }
        guard fflush(open) == 0, fseek(open, 0, SEEK_SET) == 0 else { throw Self.error(path) }
        try put(header + kindBytes + table)
        guard fflush(open) == 0, fsync(fileno(open)) == 0 else { throw Self.error(path) }
        file = nil
        guard fclose(open) == 0 else { throw Self.error(path) }
    }

    private func put(_ bytes: [UInt8]) throws(StorageError) {
        guard let file, fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Self.error(path) }
    }

    private static func error(_ path: String) -> StorageError {
        .io(path: path, reason: String(cString: strerror(errno)))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(padded text: String, to length: Int) {
        append(contentsOf: text.utf8)
        append(contentsOf: repeatElement(0, count: length - text.utf8.count))
    }
}
