/// One pattern of a `.gitignore` file, as git reads it: `*` and `?` stay within a name, `**` goes through folders, `[a-z]`
/// is one byte, a backslash takes the next byte as it is.
///
/// A pattern without a slash is for names wherever they are; one with a slash, other than at its end, is for paths from
/// the folder of the file on. Names are bytes.
struct GitIgnorePattern: Sendable {
    /// Whether what it matches is read after all.
    let isNegated: Bool
    /// Whether it is for folders only.
    let isForFolders: Bool
    private let isForNames: Bool
    private let glob: [Piece]

    private enum Piece: Sendable {
        case byte(UInt8)
        /// `?`
        case one
        case set(ByteSet)
        /// `*`
        case name
        /// What `**` stands for: anything, slashes too.
        case path
        /// `**/` at the start of a name: no folder at all, or what ``folders`` behind it takes.
        case noFolders
        /// The rest of `**/`: anything that ends in a slash.
        case folders
    }

    /// - Returns: nil for a line that is empty, a comment, or a pattern that can match nothing.
    init?(_ line: some Collection<UInt8>) {
        guard var bytes = Self.content(of: Array(line)) else { return nil }
        isNegated = bytes.first == 0x21
        if isNegated { bytes.removeFirst() }
        isForFolders = bytes.last == 0x2f
        if isForFolders { bytes.removeLast() }
        isForNames = !bytes.contains(0x2f)
        if bytes.first == 0x2f { bytes.removeFirst() }
        guard !bytes.isEmpty, let glob = Self.parse(bytes, isForNames: isForNames) else { return nil }
        self.glob = glob
    }

    /// A line without the white space at its end, which a backslash keeps; nil where nothing is left, or a comment.
    private static func content(of line: [UInt8]) -> [UInt8]? {
        guard line.first != 0x23 else { return nil }
        var end = 0
        var place = 0
        while place < line.count {
            let isEscape = line[place] == 0x5c && place + 1 < line.count
            if line[place] != 0x20 || isEscape { end = place + (isEscape ? 2 : 1) }
            place += isEscape ? 2 : 1
        }
        return end == 0 ? nil : Array(line.prefix(end))
    }

    private static func parse(_ bytes: [UInt8], isForNames: Bool) -> [Piece]? {
        var pieces: [Piece] = []
        var place = 0
        // Where the part without special characters ends: git compares that by itself, and takes what follows as if
        // the pattern began there.
        let start = bytes.firstIndex { [0x2a, 0x3f, 0x5b, 0x5c].contains($0) } ?? bytes.count
        while place < bytes.count {
            switch bytes[place] {
            case 0x5c:
                guard place + 1 < bytes.count else { return nil }
                pieces.append(.byte(bytes[place + 1]))
                place += 2
            case 0x3f:
                pieces.append(.one)
                place += 1
            case 0x5b:
                guard let (set, next) = ByteSet.parse(bytes, from: place + 1) else { return nil }
                pieces.append(.set(set))
                place = next
            case 0x2a:
                let first = place
                while place < bytes.count, bytes[place] == 0x2a { place += 1 }
                let rest = bytes[place...]
                let stands = first == start || first == 0 || bytes[first - 1] == 0x2f
                let ends = rest.isEmpty || rest.first == 0x2f || rest.starts(with: [0x5c, 0x2f])
                if place - first == 1 || isForNames || !stands || !ends {
                    pieces.append(.name)
                } else if rest.first == 0x2f {
                    pieces += [.noFolders, .folders]
                    place += 1
                } else {
                    pieces.append(.path)
                }
            default:
                pieces.append(.byte(bytes[place]))
                place += 1
            }
        }
        return pieces
    }

    /// Whether a path below the folder of the pattern's file is meant.
    ///
    /// - Complexity: O(length of the path × length of the pattern).
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        guard isFolder || !isForFolders else { return false }
        guard isForNames else { return matches(path) }
        return matches(path[(path.lastIndex(of: 0x2f).map { $0 + 1 } ?? path.startIndex)...])
    }

    private func matches(_ text: ArraySlice<UInt8>) -> Bool {
        // reachable[i]: the first i pieces can stand for the bytes so far.
        var reachable = [Bool](repeating: false, count: glob.count + 1)
        reachable[0] = true
        skipEmpty(&reachable)
        for byte in text {
            var next = [Bool](repeating: false, count: glob.count + 1)
            for index in glob.indices where reachable[index] {
                switch glob[index] {
                case .byte(let own): if own == byte { next[index + 1] = true }
                case .one: if byte != 0x2f { next[index + 1] = true }
                case .set(let set): if byte != 0x2f, set.contains(byte) { next[index + 1] = true }
                case .name: if byte != 0x2f { next[index] = true }
                case .path: next[index] = true
                case .noFolders: break
                case .folders:
                    next[index] = true
                    if byte == 0x2f { next[index + 1] = true }
                }
            }
            reachable = next
            skipEmpty(&reachable)
        }
        return reachable[glob.count]
    }

    /// Goes past what may stand for nothing.
    private func skipEmpty(_ reachable: inout [Bool]) {
        for index in glob.indices where reachable[index] {
            switch glob[index] {
            case .name, .path: reachable[index + 1] = true
            case .noFolders:
                reachable[index + 1] = true
                reachable[index + 2] = true
            default: break
            }
        }
    }
}
