import Foundation

/// Ids in a file, one a line.
enum IDLines {
    /// The lines that hold anything; "-" is standard input.
    static func of(_ path: String) throws -> [String] {
        let bytes =
            try path == "-"
            ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(filePath: path))
        return bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map { String(decoding: $0, as: UTF8.self) }
    }
}
