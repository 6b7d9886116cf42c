import Foundation

/// A pattern for files of a folder: `*` and `?` stay within a name, `**` goes through folders, `[a-z]`
/// is one character.
///
/// A pattern without a slash is for names wherever they are, others are for the whole path in the
/// folder. A dot at the start of a name has to be spelled out.
struct FilePattern: Sendable, Hashable {
    private let parts: [String]
    private let isForNames: Bool
    /// Whether it asks for a name that begins with a dot.
    let asksForHidden: Bool

    init(_ pattern: String) {
        parts = pattern.split(separator: "/").map(String.init).filter { $0 != "." }
        isForNames = parts.count == 1 && !pattern.hasPrefix("/")
        asksForHidden = parts.contains { $0.hasPrefix(".") || $0.hasPrefix("[.]") }
    }

    /// Whether a file with this path in the folder is meant.
    func matches(_ path: [UInt8]) -> Bool {
        let names = path.split(separator: 0x2f).map { Array($0) }
        guard !isForNames else { return names.last.map { matches(parts[0], $0) } ?? false }
        // reachable[i]: the first i parts of the pattern can stand for the names so far.
        var reachable = [true] + [Bool](repeating: false, count: parts.count)
        skipEmpty(&reachable)
        for name in names {
            var next = [Bool](repeating: false, count: parts.count + 1)
            for index in parts.indices {
                if parts[index] == "**" {
                    next[index + 1] = next[index + 1] || reachable[index] || reachable[index + 1]
                } else if reachable[index], matches(parts[index], name) {
                    next[index + 1] = true
                }
            }
            reachable = next
            skipEmpty(&reachable)
        }
        return reachable[parts.count]
    }

    /// `**` may stand for no folder at all.
    private func skipEmpty(_ reachable: inout [Bool]) {
        for index in parts.indices where parts[index] == "**" && reachable[index] {
            reachable[index + 1] = true
        }
    }

    private func matches(_ part: String, _ name: [UInt8]) -> Bool {
        PathBytes.withPointer(to: name) { fnmatch(part, $0, FNM_PERIOD) == 0 }
    }
}
