/// What stands at the ends of a passage's fields.
package enum FieldLeaf {
    case string(String)
    /// As it is written.
    case number(String)
    case boolean(Bool)
}

/// Walks the fields of a passage down to their values.
package enum FieldLeaves {
    /// What stands under longer names, in bytes, is passed over: a name is said anew with every value under it.
    package static let longestName = 1024

    /// Tells of every value, under the names that lead to it, with dots: `{"by": {"name": ["A", "B"]}}` is `by.name`
    /// twice. Null says nothing, and nothing is told of names longer than ``longestName``.
    ///
    /// - Parameter json: one object, as ``Passage/fields`` has it.
    /// - Throws: ``JSONLineError`` where it is none.
    /// - Complexity: O(length), and the names' lengths for every value.
    package static func visit(
        _ json: UnsafeRawBufferPointer, _ body: (_ name: String, FieldLeaf) -> Void
    ) throws(JSONLineError) {
        var cursor = JSONCursor(json)
        guard cursor.take(0x7b) else { throw cursor.noObject() }
        try members(&cursor, of: "", depth: 1, body)
        guard cursor.isAtEnd else { throw cursor.textAfterObject() }
    }

    private static func members(
        _ cursor: inout JSONCursor, of parent: String, depth: Int, _ body: (String, FieldLeaf) -> Void
    ) throws(JSONLineError) {
        if cursor.take(0x7d) { return }
        repeat {
            let key = try cursor.key()
            let name = try text(key, cursor)
            guard cursor.take(0x3a) else { throw cursor.failure("expected ':'") }
            if parent.utf8.count + 1 + name.utf8.count > longestName {
                try cursor.skipValue(depth: depth)
            } else {
                try value(&cursor, parent.isEmpty ? name : parent + "." + name, depth: depth, body)
            }
        } while cursor.take(0x2c)
        guard cursor.take(0x7d) else { throw cursor.failure("expected ',' or '}'") }
    }

    private static func value(
        _ cursor: inout JSONCursor, _ name: String, depth: Int, _ body: (String, FieldLeaf) -> Void
    ) throws(JSONLineError) {
        guard depth <= JSONCursor.deepest else {
            throw cursor.failure("nested deeper than \(JSONCursor.deepest) levels")
        }
        switch cursor.current ?? 0 {
        case 0x22: body(name, .string(try text(cursor.string(), cursor)))
        case 0x2d, 0x30...0x39:
            let number = try cursor.number()
            body(name, .number(String(decoding: cursor.slice(number), as: UTF8.self)))
        case 0x7b:
            _ = cursor.take(0x7b)
            try members(&cursor, of: name, depth: depth + 1, body)
        case 0x5b:
            _ = cursor.take(0x5b)
            if cursor.take(0x5d) { return }
            repeat { try value(&cursor, name, depth: depth + 1, body) } while cursor.take(0x2c)
            guard cursor.take(0x5d) else { throw cursor.failure("expected ',' or ']'") }
        case let first:
            try cursor.skipValue()
            if first == 0x74 || first == 0x66 { body(name, .boolean(first == 0x74)) }
        }
    }

    private static func text(
        _ string: (content: Range<Int>, hasEscapes: Bool), _ cursor: JSONCursor
    ) throws(JSONLineError) -> String {
        let raw = cursor.slice(string.content)
        guard string.hasEscapes else { return String(decoding: raw, as: UTF8.self) }
        return try JSONEscapes.decode(raw, cursor: cursor) ?? ""
    }
}
