import CKernels
import Memory

/// A container file, mapped into memory and checked.
///
/// Opening verifies the header, the table and, unless told otherwise, the checksum of every
/// section, so that a structure over the sections meets either the bytes that were written or an
/// error.
public struct Container: Sendable, SectionSource {
    package struct Section: Sendable {
        package let name: String
        package let offset: Int
        package let length: Int
        let checksum: UInt32
    }

    public let path: String
    package let sections: [Section]
    private let bytes: FrozenArray<UInt8>

    /// The first bytes of a file, which hold the checksum of every section.
    package static let headLength = ContainerFormat.sectionsStart

    /// Maps and checks the file.
    ///
    /// - Throws: ``StorageError`` that names the file and what is wrong with it.
    public init(path: String, kind: String, verifyingSections: Bool = true) throws(StorageError) {
        try self.init(path: path, kind: kind as String?)
        if verifyingSections { try verify() }
    }

    /// Maps a file of any kind and checks all of it.
    package static func verify(_ path: String) throws(StorageError) {
        try Container(path: path, kind: nil).verify()
    }

    /// The sections of a file of any kind.
    package static func sections(of path: String) throws(StorageError) -> [Section] {
        try Container(path: path, kind: nil).sections
    }

    private init(path: String, kind: String?) throws(StorageError) {
        self.path = path
        let file: MappedFile
        do {
            file = try MappedFile(path: path)
        } catch {
            throw .io(path: path, reason: "\(error)".replacing("\(path): ", with: ""))
        }
        bytes = file.bytes
        guard bytes.count >= ContainerFormat.headerLength,
            (0..<8).allSatisfy({ file.bytes[$0] == ContainerFormat.magic[$0] })
        else { throw .wrongKind(path: path, expected: kind ?? "any") }
        let header = LittleEndianReader(bytes: bytes)
        let version = header.uint32(at: 8)
        guard ContainerFormat.supportedVersions.contains(version) else {
            throw .unsupportedVersion(
                path: path, found: version, supported: ContainerFormat.supportedVersions)
        }
        let checksum = header.checksum(of: 32..<64, from: header.checksum(of: 0..<28))
        guard checksum == header.uint32(at: 28) else {
            throw .damaged(path: path, what: "the header's checksum is wrong")
        }
        if let kind, header.string(in: 32..<64) != kind { throw .wrongKind(path: path, expected: kind) }
        let count = Int(header.uint32(at: 12))
        let length = header.uint64(at: 16)
        guard length == UInt64(bytes.count) else {
            throw .damaged(path: path, what: "\(bytes.count) bytes long instead of \(length)")
        }
        let tableEnd = ContainerFormat.headerLength + count * ContainerFormat.entryLength
        guard count <= ContainerFormat.maximumSections, tableEnd <= bytes.count,
            header.checksum(of: ContainerFormat.headerLength..<tableEnd) == header.uint32(at: 24)
        else { throw .damaged(path: path, what: "the section table's checksum is wrong") }
        var sections: [Section] = []
        for index in 0..<count {
            let entry = ContainerFormat.headerLength + index * ContainerFormat.entryLength
            let name = header.string(in: entry..<entry + ContainerFormat.nameLength)
            let offset = header.uint64(at: entry + 40)
            let size = header.uint64(at: entry + 48)
            guard offset <= length, size <= length - offset, offset % UInt64(ContainerFormat.alignment) == 0
            else { throw .damaged(path: path, what: "section \(name) lies outside the file") }
            sections.append(
                Section(
                    name: name, offset: Int(offset), length: Int(size),
                    checksum: header.uint32(at: entry + 56)))
        }
        self.sections = sections
    }

    /// Checks every section's checksum; reads the whole file, several sections at a time.
    package func verify() throws(StorageError) { try verify { _ in true } }

    /// Checks the checksums of sections by their lengths.
    package func verify(
        threads: Int = Parallel.cores, where isChecked: (Int) -> Bool
    ) throws(StorageError) {
        let sections = sections.filter { isChecked($0.length) }
        let bytes = bytes
        let sound = Parallel.map(count: sections.count, threads: threads) { place in
            let section = sections[place]
            let range = section.offset..<section.offset + section.length
            return LittleEndianReader(bytes: bytes).checksum(of: range) == section.checksum
        }
        if let broken = sound.firstIndex(of: false) {
            throw .damaged(path: path, what: "the checksum of section \(sections[broken].name) is wrong")
        }
    }

    public func contains(_ name: String) -> Bool { sections.contains { $0.name == name } }

    /// The bytes of a section.
    public func bytes(_ name: String) throws(StorageError) -> FrozenArray<UInt8> {
        guard let section = sections.first(where: { $0.name == name }) else {
            throw .damaged(path: path, what: "section \(name) is missing")
        }
        return bytes.slice(section.offset..<section.offset + section.length)
    }
}

/// Reads the fixed fields of a header whose bounds the caller has checked.
private struct LittleEndianReader {
    let bytes: FrozenArray<UInt8>

    func uint32(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) | UInt64(uint32(at: offset + 4)) << 32
    }

    func string(in range: Range<Int>) -> String {
        String(decoding: bytes.slice(range).toArray().prefix { $0 != 0 }, as: UTF8.self)
    }

    func checksum(of range: Range<Int>, from start: UInt32 = 0) -> UInt32 {
        bytes.slice(range).withUnsafeBuffer { ck_crc32c(start, $0.baseAddress, $0.count) }
    }
}
