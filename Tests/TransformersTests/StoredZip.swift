import CZlib

/// Writes zip archives with one member that is stored as it is.
enum StoredZip {
    private static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func archive(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        let sum = Int(crc32(0, contents, UInt32(contents.count)))
        // Version, flags, method, time, date.
        let facts =
            little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(sum, 4)
            + little(contents.count, 4) + little(contents.count, 4) + little(name.utf8.count, 2)
            + little(0, 2)
        let local = little(0x0403_4b50, 4) + facts + Array(name.utf8) + contents
        let directory =
            little(0x0201_4b50, 4) + little(20, 2) + facts + little(0, 2) + little(0, 2) + little(0, 2)
            + little(0, 4) + little(0, 4) + Array(name.utf8)
        let end =
            little(0x0605_4b50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
            + little(directory.count, 4) + little(local.count, 4) + little(0, 2)
        return local + directory + end
    }
}
