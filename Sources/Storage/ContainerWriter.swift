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
    private let file: any WritableFile
    private var buffer: [UInt8] = []
    private var sections: [Section] = []
    private var isOpenSection = false
    private var position = ContainerFormat.sectionsStart
    /// Where the buffer's bytes belong.
    private var written = ContainerFormat.sectionsStart

    private static let bufferSize = 1 << 20

    /// Creates the file in the place of what is there; a link is replaced, not written through.
    package init(path: String, kind: String, files: any FileSystem = LocalFileSystem()) throws(StorageError) {
        precondition(kind.utf8.count <= ContainerFormat.kindLength)
        self.path = path
        self.kind = kind
        var status = stat()
        if lstat(path, &status) == 0 { try files.removeFile(path) }
        file = try files.createFile(path)
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Starts a section whose bytes come in pieces.
    public func begin(_ name: String) throws(StorageError) {
        precondition(!isOpenSection && name.utf8.count < ContainerFormat.nameLength)
        precondition(sections.count < ContainerFormat.maximumSections, "too many sections")
        let padding = -position & (ContainerFormat.alignment - 1)
        if padding > 0 {
            try [UInt8](repeating: 0, count: padding).withUnsafeBufferPointer { zeros throws(StorageError) in
                try put(UnsafeRawBufferPointer(zeros))
            }
        }
        sections.append(Section(name: name, offset: position, length: 0, checksum: 0))
        isOpenSection = true
    }

    /// Adds bytes to the open section.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        precondition(isOpenSection)
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        try put(bytes)
        let last = sections.count - 1
        sections[last].checksum = ck_crc32c(sections[last].checksum, base, bytes.count)
        sections[last].length += bytes.count
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
        try flush()
        var head = header + kindBytes + table
        // Where there is no section behind it, the head makes the file as long as it says.
        head += [UInt8](repeating: 0, count: ContainerFormat.sectionsStart - head.count)
        try file.write(head, at: 0)
        try file.sync()
        try file.close()
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        position += bytes.count
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        guard bytes.count < Self.bufferSize else {
            try file.write(bytes, at: written)
            written += bytes.count
            return
        }
        buffer.append(contentsOf: bytes)
    }

    private func flush() throws(StorageError) {
        try file.write(buffer, at: written)
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
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
