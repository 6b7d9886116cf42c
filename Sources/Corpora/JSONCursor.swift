/// A position in one JSON text, with the grammar of RFC 8259.
struct JSONCursor {
    /// Deeper nesting is refused, so that a hostile line cannot exhaust the stack.
    static let deepest = 128
    static let openString = "a string is not closed"

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    func failure(_ reason: String) -> JSONLineError {
        JSONLineError(reason: reason, column: position + 1)
    }

    /// What stands where an object should begin.
    func noObject() -> JSONLineError {
        switch current {
        case 0x5b: failure("an array, expected '{'")
        case 0x2f, 0x23: failure("a comment, expected '{'")
        default: failure("expected '{'")
        }
    }

    /// What stands behind an object.
    func textAfterObject() -> JSONLineError {
        var error = failure(current == 0x2c ? "a comma after the object" : "text after the object")
        if current == 0x7b { error.next = position }
        return error
    }

    /// Passes over the name of a member.
    mutating func key() throws(JSONLineError) -> (content: Range<Int>, hasEscapes: Bool) {
        switch current {
        case 0x22: return try string()
        case 0x27: throw failure("single quotes, expected double quotes")
        case 0x7d: throw failure("a comma before '}'")
        default: throw failure("expected a name in double quotes")
        }
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Passes over a string and returns the range between its quotes.
    mutating func string() throws(JSONLineError) -> (content: Range<Int>, hasEscapes: Bool) {
        guard take(0x22) else { throw failure("expected a string in quotes") }
        let start = position
        var hasEscapes = false
        while position < bytes.count {
            skipOrdinary()
            guard position < bytes.count else { break }
            switch bytes[position] {
            case 0x22:
                position += 1
                return (start..<(position - 1), hasEscapes)
            case 0x5c:
                hasEscapes = true
                try skipEscape()
            case 0..<0x20: throw failure("control character in a string")
            default: position += 1
            }
        }
        throw failure(Self.openString)
    }

    /// Passes over characters of a string that are neither quote, backslash nor control, eight at a
    /// time.
    @inline(__always)
    private mutating func skipOrdinary() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        while position + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let escape = word ^ (ones &* 0x5c)
            // A byte's top bit is set where the byte is 0, or below 0x20 for the word itself.
            let marks =
                (quote &- ones) & ~quote | (escape &- ones) & ~escape
                | (word &- ones &* 0x20) & ~word
            // Borrows make false marks only above a true one, so the lowest mark is exact.
            let found = marks & tops
            guard found == 0 else {
                position += UInt64(littleEndian: found).trailingZeroBitCount >> 3
                return
            }
            position += 8
        }
    }

    private mutating func skipEscape() throws(JSONLineError) {
        guard position + 1 < bytes.count else { throw failure(Self.openString) }
        switch bytes[position + 1] {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: position += 2
        case 0x75:
            guard position + 6 <= bytes.count,
                bytes[(position + 2)..<(position + 6)].allSatisfy({ $0.hexadecimalValue != nil })
            else { throw failure("\\u needs four hexadecimal digits") }
            position += 6
        default: throw failure("unknown escape in a string")
        }
    }

    /// Passes over a number and returns its range.
    mutating func number() throws(JSONLineError) -> Range<Int> {
        let start = position
        _ = take(0x2d)
        if !take(0x30) { try digits() }
        if take(0x2e) { try digits() }
        if take(0x65) || take(0x45) {
            if !take(0x2b) { _ = take(0x2d) }
            try digits()
        }
        return start..<position
    }

    private mutating func digits() throws(JSONLineError) {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        if position == start { throw failure("expected a digit") }
    }

    private mutating func word(_ word: StaticString) throws(JSONLineError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count,
            UnsafeRawBufferPointer(start: word.utf8Start, count: count)
                .elementsEqual(bytes[position..<(position + count)])
        else { throw failure("expected a value") }
        position += count
    }

    /// Passes over any value.
    mutating func skipValue(depth: Int = 1) throws(JSONLineError) {
        guard depth <= Self.deepest else { throw failure("nested deeper than \(Self.deepest) levels") }
        // NUL stands for the end, no value begins with it.
        switch current ?? 0 {
        case 0x22: _ = try string()
        case 0x7b:
            position += 1
            try skipItems(closing: 0x7d, depth: depth)
        case 0x5b:
            position += 1
            try skipItems(closing: 0x5d, depth: depth)
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6e: try word("null")
        case 0x2d where position + 1 < bytes.count && bytes[position + 1] == 0x49:
            position += 1
            try word("Infinity")
        case 0x2d, 0x30...0x39: _ = try number()
        // What Python writes where a number is none.
        case 0x4e: try word("NaN")
        case 0x49: try word("Infinity")
        case 0x27: throw failure("single quotes, expected double quotes")
        case 0x5d: throw failure("a comma before ']'")
        default: throw failure("expected a value")
        }
    }

    private mutating func skipItems(closing: UInt8, depth: Int) throws(JSONLineError) {
        skipSpace()
        if take(closing) { return }
        while true {
            skipSpace()
            if closing == 0x7d {
                _ = try key()
                skipSpace()
                guard take(0x3a) else { throw failure("expected ':'") }
                skipSpace()
            }
            try skipValue(depth: depth + 1)
            skipSpace()
            if take(closing) { return }
            guard take(0x2c) else {
                throw failure("expected ',' or '\(Character(UnicodeScalar(closing)))'")
            }
        }
    }
}

extension UInt8 {
    var hexadecimalValue: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self - 0x30)
        case 0x41...0x46: UInt32(self - 0x41 + 10)
        case 0x61...0x66: UInt32(self - 0x61 + 10)
        default: nil
        }
    }
}
