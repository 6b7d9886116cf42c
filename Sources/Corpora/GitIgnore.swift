import Foundation

/// The `.gitignore` files that count in a folder: its own, and those of the folders above it up to the one that is walked.
///
/// Of the patterns that match a path the last one of the innermost file decides. What lies in a folder that is ignored is
/// ignored, too: who walks does not enter it. Files of git's own configuration, and those above the folder that is walked,
/// are not asked.
package struct GitIgnore: Sendable {
    static let fileName = Array(".gitignore".utf8)
    /// What git itself keeps in a folder.
    static let repositoryName = Array(".git".utf8)

    private struct File {
        /// The length of the path of its folder, with the slash behind it.
        var prefix: Int
        var patterns: [GitIgnorePattern]
    }

    /// The outermost first.
    private var files: [File] = []

    package init() {}

    /// With the file of a folder inside the ones before.
    ///
    /// - Parameters:
    ///   - bytes: of the file.
    ///   - folder: the folder's path within the one that is walked; empty for that itself.
    package func adding(_ bytes: [UInt8], in folder: [UInt8]) -> GitIgnore {
        let patterns = Self.lines(of: bytes).compactMap { GitIgnorePattern($0) }
        guard !patterns.isEmpty else { return self }
        var more = self
        more.files.append(File(prefix: folder.isEmpty ? 0 : folder.count + 1, patterns: patterns))
        return more
    }

    /// Whether a path is ignored, where no folder on the way to it is.
    ///
    /// - Parameter path: within the folder that is walked; in the folder of the last file, or below.
    package func ignores(_ path: [UInt8], isFolder: Bool) -> Bool {
        for file in files.reversed() {
            let name = path[file.prefix...]
            if let last = file.patterns.last(where: { $0.matches(name, isFolder: isFolder) }) { return !last.isNegated }
        }
        return false
    }

    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        return content.split(separator: 0x0a).map { $0.last == 0x0d ? $0.dropLast() : $0 }
    }
}

extension GitIgnore {
    /// With the file that stands in a folder, where there is one that is no link, as git has it.
    ///
    /// - Parameters:
    ///   - place: the folder's path.
    ///   - folder: the same within the folder that is walked.
    /// - Returns: nil where there is one that cannot be read.
    func adding(fileIn place: [UInt8], as folder: [UInt8]) -> GitIgnore? {
        let path = PathBytes.join(place, Self.fileName)
        let descriptor = PathBytes.withPointer(to: path) { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else { return errno == ENOENT || errno == ELOOP ? self : nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return self }
        guard let bytes = try? file.read(upToCount: Self.longest) else { return status.st_size == 0 ? self : nil }
        return adding([UInt8](bytes), in: folder)
    }

    /// Git itself reads no longer ones.
    private static let longest = 100 << 20
}
