/// What is wrong with a line of JSON; columns are bytes, from 1.
package struct JSONLineError: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String
    package let column: Int
    /// Where another object begins, behind one that is complete; an index of the line.
    var next: Int?
    /// Whether the line ends in a string, which cannot go on in the next.
    var isInString: Bool { reason == JSONCursor.openString }

    package var description: String { "broken JSON at column \(column): \(reason)" }
}

/// A value of a member that was asked for.
package enum JSONLineValue: Sendable, Hashable {
    case string(String)
    /// A number, as it is written.
    case number(String)
    /// A value of another kind, by name, such as `an array`.
    case other(String)
}

/// Picks named members out of lines that hold one JSON object each.
///
/// The whole line is checked against the grammar, but only the members asked for are turned into
/// values; that makes it many times faster than building the whole object.
package struct JSONLineReader: Sendable {
    private let names: [[UInt8]]
    /// The places of the names of each length.
    private let places: [[Int]]
    private let joinsLists: Bool

    /// - Parameter joinsLists: takes a list of strings and numbers for one string of several lines.
    package init(members names: [String], joinsLists: Bool = false) {
        let names = names.map { Array($0.utf8) }
        self.names = names
        self.joinsLists = joinsLists
        let longest = names.reduce(0) { max($0, $1.count) }
        places = (0...longest).map { length in names.indices.filter { names[$0].count == length } }
    }

    /// The values in the order of the names; nil where the line has no such member or it is null.
    package func read(
        _ line: UnsafeRawBufferPointer
    ) throws(JSONLineError) -> [JSONLineValue?] {
        try read(line) { _ in }
    }

    /// One member of a line; ranges are of its bytes.
    struct Member {
        /// The place of its name among those asked for; nil where it is another.
        var place: Int?
        /// Between the quotes.
        var name: Range<Int>
        var value: Range<Int>
    }

    /// The same, and tells of every member that it passes.
    func read(
        _ line: UnsafeRawBufferPointer, passing: (Member) -> Void
    ) throws(JSONLineError) -> [JSONLineValue?] {
        var values = [JSONLineValue?](repeating: nil, count: names.count)
        var seen: UInt64 = 0
        var cursor = JSONCursor(line)
        cursor.skipSpace()
        guard cursor.take(0x7b) else { throw cursor.noObject() }
        cursor.skipSpace()
        if !cursor.take(0x7d) {
            while true {
                cursor.skipSpace()
                let key = try cursor.key()
                let slot = try slot(of: key.content, hasEscapes: key.hasEscapes, in: cursor)
                cursor.skipSpace()
                guard cursor.take(0x3a) else { throw cursor.failure("expected ':'") }
                cursor.skipSpace()
                let start = cursor.position
                if let slot {
                    guard seen & (1 << UInt64(slot)) == 0 else {
                        let name = String(decoding: names[slot], as: UTF8.self)
                        throw cursor.failure("the member \"\(name)\" stands twice")
                    }
                    seen |= 1 << UInt64(slot)
                    values[slot] = try value(&cursor)
                } else {
                    try cursor.skipValue()
                }
                passing(Member(place: slot, name: key.content, value: start..<cursor.position))
                cursor.skipSpace()
                if cursor.take(0x7d) { break }
                guard cursor.take(0x2c) else { throw cursor.failure("expected ',' or '}'") }
            }
        }
        cursor.skipSpace()
        guard cursor.isAtEnd else { throw cursor.textAfterObject() }
        return values
    }

    private func slot(
        of key: Range<Int>, hasEscapes: Bool, in cursor: JSONCursor
    ) throws(JSONLineError) -> Int? {
        let raw = cursor.slice(key)
        guard hasEscapes else {
            guard raw.count < places.count else { return nil }
            return places[raw.count].first { names[$0].elementsEqual(raw) }
        }
        let decoded = try Self.text(raw, hasEscapes: true, cursor: cursor)
        return names.firstIndex { $0.elementsEqual(decoded.utf8) }
    }

    private func value(_ cursor: inout JSONCursor) throws(JSONLineError) -> JSONLineValue? {
        switch cursor.current ?? 0 {
        case 0x22:
            let (range, hasEscapes) = try cursor.string()
            return .string(
                try Self.text(cursor.slice(range), hasEscapes: hasEscapes, cursor: cursor))
        case 0x2d, 0x30...0x39:
            return .number(String(decoding: cursor.slice(try cursor.number()), as: UTF8.self))
        default:
            let first = cursor.current
            if first == 0x5b, joinsLists, let list = try list(&cursor) { return .string(list) }
            try cursor.skipValue()
            return switch first {
            case 0x7b: .other("an object")
            case 0x5b: .other("an array")
            case 0x6e: nil
            default: .other("a truth value")
            }
        }
    }

    /// The strings of a list, a line each; nil where there is something else in it, and the cursor is
    /// where it was.
    private func list(_ cursor: inout JSONCursor) throws(JSONLineError) -> String? {
        var reading = cursor
        var joined = ""
        _ = reading.take(0x5b)
        reading.skipSpace()
        var isFirst = true
        while !reading.take(0x5d) {
            if !isFirst {
                guard reading.take(0x2c) else { throw reading.failure("expected ',' or ']'") }
                reading.skipSpace()
            }
            guard let first = reading.current, first == 0x22 || first == 0x2d || 0x30...0x39 ~= first else {
                return nil
            }
            switch try value(&reading) {
            case .string(let text), .number(let text):
                if !isFirst, joined.utf8.last != 0x0a { joined += "\n" }
                joined += text
            default: return nil
            }
            isFirst = false
            reading.skipSpace()
        }
        cursor = reading
        return joined
    }

    private static func text(
        _ raw: UnsafeRawBufferPointer, hasEscapes: Bool, cursor: JSONCursor
    ) throws(JSONLineError) -> String {
        let text =
            hasEscapes
            ? try JSONEscapes.decode(raw, cursor: cursor) : String(validating: raw, as: UTF8.self)
        guard let text else { throw cursor.failure("invalid UTF-8") }
        return text
    }
}
