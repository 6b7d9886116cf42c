extension TopicJSON {
    typealias Located = (query: Query, offset: Int)

    /// The questions of a JSON array; nil where the text is none.
    static func array(_ bytes: UnsafeRawBufferPointer) throws(TopicFault) -> [Located]? {
        var cursor = JSONCursor(bytes)
        cursor.skipSpace()
        guard cursor.take(0x5b) else { return nil }
        cursor.skipSpace()
        // A line such as "[1]<TAB>text" begins like an array.
        guard [0x7b, 0x22, 0x5b, 0x5d].contains(cursor.current) else { return nil }
        var found: [Located] = []
        if cursor.take(0x5d) { return found }
        while true {
            cursor.skipSpace()
            let (value, start) = try value(&cursor)
            found.append((try element(value, start, found.count), start))
            cursor.skipSpace()
            if cursor.take(0x5d) { break }
            guard cursor.take(0x2c) else { throw TopicFault("broken JSON: expected ',' or ']'", cursor.position) }
        }
        cursor.skipSpace()
        guard cursor.isAtEnd else { throw TopicFault("broken JSON: text after the array", cursor.position) }
        return found
    }

    /// The questions of objects that run over several lines, or of one object of texts by identifier.
    static func objects(_ bytes: UnsafeRawBufferPointer) throws(TopicFault) -> [Located] {
        var cursor = JSONCursor(bytes)
        var found: [Located] = []
        cursor.skipSpace()
        while !cursor.isAtEnd {
            let (value, start) = try value(&cursor)
            cursor.skipSpace()
            if found.isEmpty, cursor.isAtEnd, isDictionary(value) { return try dictionary(value, start) }
            found.append((try element(value, start, found.count), start))
        }
        return found
    }

    /// Whether an object has neither an identifier nor a text of its own, but texts or objects.
    static func isDictionary(_ object: UnsafeRawBufferPointer) -> Bool {
        guard let values = try? read(object), !values.contains(where: { $0 != nil }),
            let members = try? membersInOrder(of: object), !members.isEmpty
        else { return false }
        return members.allSatisfy { object[$0.value.lowerBound] == 0x22 || object[$0.value.lowerBound] == 0x7b }
    }

    private static func dictionary(
        _ object: UnsafeRawBufferPointer, _ offset: Int
    ) throws(TopicFault) -> [Located] {
        var found: [Located] = []
        do throws(LineFault) {
            for (name, range) in try membersInOrder(of: object) {
                let value = UnsafeRawBufferPointer(rebasing: object[range])
                guard !name.isEmpty else { throw LineFault("missing id") }
                let text = value.first == 0x22 ? try string(value) : try text(value, try read(value)[textRange])
                found.append((Query(id: Identifier(name), text: text), offset + range.lowerBound))
            }
        } catch {
            throw TopicFault(error.reason, offset)
        }
        return found
    }

    /// The value of a member; nil where there is none.
    static func member(
        _ name: String, of object: UnsafeRawBufferPointer
    ) throws(LineFault) -> UnsafeRawBufferPointer? {
        try membersInOrder(of: object).first { $0.name == name }.map {
            UnsafeRawBufferPointer(rebasing: object[$0.value])
        }
    }

    private static func membersInOrder(
        of object: UnsafeRawBufferPointer
    ) throws(LineFault) -> [(name: String, value: Range<Int>)] {
        var cursor = JSONCursor(object)
        var found: [(name: String, value: Range<Int>)] = []
        do throws(JSONLineError) {
            cursor.skipSpace()
            guard cursor.take(0x7b) else { throw cursor.failure("expected '{'") }
            cursor.skipSpace()
            if cursor.take(0x7d) { return found }
            while true {
                cursor.skipSpace()
                let key = try cursor.string()
                cursor.skipSpace()
                guard cursor.take(0x3a) else { throw cursor.failure("expected ':'") }
                cursor.skipSpace()
                let start = cursor.position
                try cursor.skipValue()
                guard let name = try JSONEscapes.decode(cursor.slice(key.content), cursor: cursor) else {
                    throw cursor.failure("invalid UTF-8")
                }
                found.append((name, start..<cursor.position))
                cursor.skipSpace()
                if cursor.take(0x7d) { return found }
                guard cursor.take(0x2c) else { throw cursor.failure("expected ',' or '}'") }
            }
        } catch {
            throw LineFault(error.description)
        }
    }

    private static func value(
        _ cursor: inout JSONCursor
    ) throws(TopicFault) -> (bytes: UnsafeRawBufferPointer, start: Int) {
        let start = cursor.position
        do throws(JSONLineError) {
            try cursor.skipValue()
        } catch {
            throw TopicFault("broken JSON: \(error.reason)", min(error.column - 1, cursor.position))
        }
        return (cursor.slice(start..<cursor.position), start)
    }

    /// An element of an array: an object, or a text that its place names, from 1.
    private static func element(
        _ value: UnsafeRawBufferPointer, _ start: Int, _ count: Int
    ) throws(TopicFault) -> Query {
        do throws(LineFault) {
            switch value.first {
            case 0x7b: return try query(value, number: count)
            case 0x22: return Query(id: "\(count + 1)", text: try string(value))
            default: throw LineFault("expected an object or a text")
            }
        } catch {
            throw TopicFault(error.reason, start)
        }
    }

    private static func string(_ value: UnsafeRawBufferPointer) throws(LineFault) -> String {
        let cursor = JSONCursor(value)
        let content = UnsafeRawBufferPointer(rebasing: value[1..<(value.count - 1)])
        do throws(JSONLineError) {
            guard let text = try JSONEscapes.decode(content, cursor: cursor) else {
                throw cursor.failure("invalid UTF-8")
            }
            return text
        } catch {
            throw LineFault(error.description)
        }
    }
}
