/// A tag that opens an element.
struct HTMLTag {
    /// In lower case.
    let name: String
    let classes: [String]
    /// Whether the element ends where it begins, as in `<br/>`.
    let isClosed: Bool
}

/// Reads HTML piece by piece: text and tags; comments, declarations, scripts and styles are none.
///
/// Whatever the bytes are, each is read once: what is opened and never closed ends with them.
struct HTMLScanner {
    enum Piece {
        /// Where text stands, with its entities.
        case text(Range<Int>)
        case open(HTMLTag)
        case close(String)
    }

    let bytes: [UInt8]
    private var index = 0
    /// An element whose text is no text, until it has been passed over.
    private var raw: String?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Piece? {
        if let name = raw {
            raw = nil
            index = HTMLBytes.place(of: "</" + name, in: bytes, from: index) ?? bytes.count
        }
        while index < bytes.count {
            guard HTMLBytes.startsTag(bytes, at: index) else { return .text(text()) }
            if HTMLBytes.starts(bytes, at: index, with: "<!--") {
                index = HTMLBytes.place(of: "-->", in: bytes, from: index + 4).map { $0 + 3 } ?? bytes.count
            } else if bytes[index + 1] == 0x21 || bytes[index + 1] == 0x3f {
                index = HTMLBytes.place(of: ">", in: bytes, from: index).map { $0 + 1 } ?? bytes.count
            } else {
                return tag()
            }
        }
        return nil
    }

    /// The text up to the next tag; a `<` that begins none belongs to it.
    private mutating func text() -> Range<Int> {
        let start = index
        repeat { index += 1 } while index < bytes.count && !HTMLBytes.startsTag(bytes, at: index)
        return start..<index
    }

    private mutating func tag() -> Piece {
        let isClosing = bytes[index + 1] == 0x2f
        index += isClosing ? 2 : 1
        let name = word { Self.isNamePart($0) }.lowercased()
        var classes: [String] = []
        var isClosed = false
        while index < bytes.count, bytes[index] != 0x3e {
            isClosed = bytes[index] == 0x2f
            guard Self.isNamePart(bytes[index]) else {
                index += 1
                continue
            }
            let attribute = word { Self.isNamePart($0) }.lowercased()
            guard let value = value() else { continue }
            if attribute == "class" { classes += WhiteSpace.words(of: value).map(String.init) }
        }
        index = min(index + 1, bytes.count)
        if isClosing { return .close(name) }
        if !isClosed, name == "script" || name == "style" { raw = name }
        return .open(HTMLTag(name: name, classes: classes, isClosed: isClosed))
    }

    /// The value of an attribute whose name has just been read; nil where it has none.
    private mutating func value() -> String? {
        _ = word { Self.isSpace($0) }
        guard index < bytes.count, bytes[index] == 0x3d else { return nil }
        index += 1
        _ = word { Self.isSpace($0) }
        guard index < bytes.count else { return nil }
        let quote = bytes[index]
        guard quote == 0x22 || quote == 0x27 else { return word { !Self.isSpace($0) && $0 != 0x3e } }
        index += 1
        defer { index = min(index + 1, bytes.count) }
        return word { $0 != quote }
    }

    /// The bytes from here on that pass a test.
    private mutating func word(_ passes: (UInt8) -> Bool) -> String {
        let start = index
        while index < bytes.count, passes(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        0x61...0x7a ~= byte | 0x20 || 0x30...0x39 ~= byte || byte == 0x2d || byte == 0x3a || byte == 0x5f
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }
}
