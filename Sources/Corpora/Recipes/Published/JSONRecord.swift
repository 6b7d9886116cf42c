/// Some members of one JSON object: their values, and the bytes of those that are lists or objects.
struct JSONRecord {
    private let bytes: UnsafeRawBufferPointer
    private let values: [JSONLineValue?]
    private let ranges: [Range<Int>?]

    /// - Parameter reader: names the members, whose places the other functions take.
    init(_ bytes: UnsafeRawBufferPointer, _ reader: JSONLineReader) throws(LineFault) {
        self.bytes = bytes
        var found: [(Int, Range<Int>)] = []
        do throws(JSONLineError) {
            values = try reader.read(bytes) { if let place = $0.place { found.append((place, $0.value)) } }
        } catch {
            throw LineFault(error.description)
        }
        var ranges = [Range<Int>?](repeating: nil, count: values.count)
        for (place, range) in found { ranges[place] = range }
        self.ranges = ranges
    }

    /// A text or a number, as it is written; nil where there is none.
    func text(_ place: Int) -> String? {
        switch values[place] {
        case .string(let text), .number(let text): text
        default: nil
        }
    }

    /// - Throws: a fault that names the member where there is no text.
    func text(_ place: Int, named name: String) throws(LineFault) -> String {
        if let text = text(place) { return text }
        guard case .other(let kind) = values[place] else { throw LineFault("missing \"\(name)\"") }
        throw LineFault("\"\(name)\" is \(kind), expected a text")
    }

    /// An identifier, which is not empty.
    func id(_ place: Int, named name: String) throws(LineFault) -> String {
        let id = try text(place, named: name)
        guard !id.isEmpty else { throw LineFault("\"\(name)\" is empty, expected an identifier") }
        return id
    }

    func number(_ place: Int) -> Int? { text(place).flatMap { Int($0) } }

    /// The bytes of a member's value, whatever it is; nil where there is none.
    func raw(_ place: Int) -> UnsafeRawBufferPointer? {
        values[place] == nil ? nil : ranges[place].map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
    }

    /// Calls `body` with the bytes of every element of a list; a member that is not there is an empty one.
    func forEachElement(
        _ place: Int, named name: String, _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Void
    ) throws(LineFault) {
        guard let raw = raw(place) else { return }
        guard raw.first == 0x5b else { throw LineFault("\"\(name)\" is no list, expected one") }
        var cursor = JSONCursor(raw)
        _ = cursor.take(0x5b)
        cursor.skipSpace()
        while !cursor.take(0x5d) {
            let start = cursor.position
            do throws(JSONLineError) {
                try cursor.skipValue()
            } catch {
                throw LineFault(error.description)
            }
            try body(UnsafeRawBufferPointer(rebasing: raw[start..<cursor.position]))
            cursor.skipSpace()
            if cursor.take(0x2c) { cursor.skipSpace() }
        }
    }

    /// The texts and numbers of a list.
    func texts(_ place: Int, named name: String) throws(LineFault) -> [String] {
        var texts: [String] = []
        try forEachElement(place, named: name) { (raw) throws(LineFault) in
            guard let text = Self.text(raw) else { throw LineFault("\"\(name)\" has an element that is no text") }
            texts.append(text)
        }
        return texts
    }

    /// The text of a string or number; nil for anything else.
    private static func text(_ raw: UnsafeRawBufferPointer) -> String? {
        guard let first = raw.first else { return nil }
        if first == 0x2d || 0x30...0x39 ~= first { return String(decoding: raw, as: UTF8.self) }
        guard first == 0x22 else { return nil }
        var cursor = JSONCursor(raw)
        guard let (range, hasEscapes) = try? cursor.string() else { return nil }
        let inner = cursor.slice(range)
        guard hasEscapes else { return String(validating: inner, as: UTF8.self) }
        return (try? JSONEscapes.decode(inner, cursor: cursor)) ?? nil
    }
}
