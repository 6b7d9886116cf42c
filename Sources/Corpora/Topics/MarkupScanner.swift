/// The tags and texts of SGML or XML, as far as topics need them.
struct MarkupScanner {
    enum Event {
        /// Names are in lower case.
        case start(name: String, attributes: [(name: String, value: String)], offset: Int)
        case end(name: String)
        case text(String)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// The end of an element that closes itself.
    private var pendingEnd: String?
    /// Endings that do not stand in the rest: a text that opens a comment again and again is searched once.
    private var missing: Set<String> = []

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next event, or nil at the end.
    mutating func next() throws(TopicFault) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name: name)
        }
        while position < bytes.count {
            if bytes[position] == 0x3c {
                if skip(from: "<!--", through: "-->") || skip(from: "<?", through: "?>") { continue }
                if starts(with: "<![CDATA[") {
                    let start = position + 9
                    let end = find("]]>", from: start) ?? bytes.count
                    position = min(end + 3, bytes.count)
                    return .text(try string(start..<end))
                }
                if skip(from: "<!", through: ">") { continue }
                if let event = try tag() { return event }
            }
            let start = position
            position += 1
            while position < bytes.count, bytes[position] != 0x3c { position += 1 }
            return .text(Self.unescaped(try string(start..<position)))
        }
        return nil
    }

    /// Nil where a "<" begins no tag.
    private mutating func tag() throws(TopicFault) -> Event? {
        var start = position + 1
        let isEnd = start < bytes.count && bytes[start] == 0x2f
        if isEnd { start += 1 }
        // A tag ends before the next one begins.
        guard start < bytes.count, Self.isLetter(bytes[start]),
            let close = bytes[start...].firstIndex(where: { $0 == 0x3e || $0 == 0x3c }), bytes[close] == 0x3e
        else { return nil }
        let offset = position
        position = close + 1
        // In scalars: Swift's characters join a quote or a blank with the marks behind it.
        let content = try string(start..<close).unicodeScalars
        let isEmpty = content.last == "/"
        let written = content.prefix { !$0.properties.isWhitespace && $0 != "/" }
        let name = String(written).lowercased()
        if isEnd { return .end(name: name) }
        if isEmpty { pendingEnd = name }
        return .start(name: name, attributes: Self.attributes(content[written.endIndex...]), offset: offset)
    }

    private static func attributes(_ text: Substring.UnicodeScalarView) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals]).trimmed.lowercased()
            rest = rest[rest.index(after: equals)...].drop(while: \.properties.isWhitespace)
            let value: Substring.UnicodeScalarView
            if let quote = rest.first, quote == "\"" || quote == "'" {
                let inner = rest.dropFirst()
                value = inner.prefix { $0 != quote }
                rest = inner.dropFirst(value.count + 1)
            } else {
                value = rest.prefix { !$0.properties.isWhitespace && $0 != "/" }
                rest = rest.dropFirst(value.count)
            }
            found.append((name, unescaped(String(value))))
        }
        return found
    }

    private func string(_ range: Range<Int>) throws(TopicFault) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw TopicFault("invalid UTF-8", range.lowerBound)
        }
        return text
    }

    private func starts(with text: StaticString, at index: Int? = nil) -> Bool {
        let start = index ?? position
        let count = text.utf8CodeUnitCount
        guard start + count <= bytes.count else { return false }
        return UnsafeRawBufferPointer(start: text.utf8Start, count: count)
            .elementsEqual(bytes[start..<(start + count)])
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if starts(with: text, at: index) { return index }
            index += 1
        }
        return nil
    }

    private mutating func skip(from first: StaticString, through last: StaticString) -> Bool {
        let ending = "\(last)"
        guard starts(with: first), !missing.contains(ending) else { return false }
        guard let end = find(last, from: position + first.utf8CodeUnitCount) else {
            missing.insert(ending)
            return false
        }
        position = end + last.utf8CodeUnitCount
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    /// Replaces the five entities of XML and numeric ones; anything else stays.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        let names: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
        ]
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let sign = rest.firstIndex(of: "&") {
            result.append(contentsOf: rest[..<sign])
            rest = rest[rest.index(after: sign)...]
            // No entity is longer.
            let name = String(rest.prefix(12).prefix { $0 != ";" && $0 != "&" && !$0.properties.isWhitespace })
            let follows = rest.dropFirst(name.unicodeScalars.count)
            let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
            let code =
                name.hasPrefix("#")
                ? UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10) : nil
            if follows.first == ";", let scalar = names[name] ?? code.flatMap(Unicode.Scalar.init) {
                result.append(scalar)
                rest = follows.dropFirst()
            } else {
                result.append("&")
            }
        }
        result.append(contentsOf: rest)
        return String(result)
    }
}
