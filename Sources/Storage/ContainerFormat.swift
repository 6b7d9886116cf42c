/// The layout shared by the writer and the reader of a container file; `docs/format.md` is its
/// description. All numbers are little-endian.
///
///     0   8   magic
///     8   4   format version
///     12  4   number of sections
///     16  8   length of the file
///     24  4   CRC-32C of the section table
///     28  4   CRC-32C of bytes 0 ..< 28 and 32 ..< 64
///     32  32  kind of the file, padded with zeros
///     64  64  a table entry: name (40, padded with zeros), offset (8), length (8),
///             CRC-32C of the section (4), zero (4); one for each section
///     4096    the sections, each at a multiple of 64
enum ContainerFormat {
    static let magic: [UInt8] = Array("GENRETF1".utf8)
    static let version: UInt32 = 1
    static let supportedVersions: ClosedRange<UInt32> = 1...1
    static let headerLength = 64
    static let entryLength = 64
    static let nameLength = 40
    static let kindLength = 32
    static let sectionsStart = 4096
    static let alignment = 64
    static let maximumSections = (sectionsStart - headerLength) / entryLength
}
