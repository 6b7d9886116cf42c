/// The bytes that brackets of a pattern stand for, such as `[a-z]`, `[!.]` and `[[:digit:]]`.
struct ByteSet: Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var isNegated = false

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return (word >> UInt64(byte & 63) & 1 == 1) != isNegated
    }

    private mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    /// Reads brackets as git does.
    ///
    /// - Parameter start: behind the opening one.
    /// - Returns: the set, and the place behind the closing bracket; nil where there is none, or a class that nobody knows.
    static func parse(_ pattern: [UInt8], from start: Int) -> (ByteSet, Int)? {
        var set = ByteSet()
        var place = start
        func at(_ place: Int) -> UInt8? { place < pattern.count ? pattern[place] : nil }
        if let first = at(place), first == 0x21 || first == 0x5e {
            set.isNegated = true
            place += 1
        }
        /// The byte before, where a range may begin with it.
        var previous: UInt8?
        var isFirst = true
        // A bracket that comes first is one of the set.
        while let byte = at(place), byte != 0x5d || isFirst {
            isFirst = false
            if byte == 0x5c {
                guard let escaped = at(place + 1) else { return nil }
                set.insert(escaped)
                previous = escaped
                place += 2
            } else if byte == 0x2d, let low = previous, var high = at(place + 1), high != 0x5d {
                place += 2
                if high == 0x5c {
                    guard let escaped = at(place) else { return nil }
                    high = escaped
                    place += 1
                }
                if low <= high { for byte in low...high { set.insert(byte) } }
                previous = nil
            } else if byte == 0x5b, at(place + 1) == 0x3a {
                guard let end = pattern[(place + 2)...].firstIndex(of: 0x5d) else { return nil }
                if end > place + 2, pattern[end - 1] == 0x3a {
                    let name = String(decoding: pattern[(place + 2)..<(end - 1)], as: UTF8.self)
                    guard let isMember = classes[name] else { return nil }
                    for byte in UInt8.min...UInt8.max where isMember(byte) { set.insert(byte) }
                    previous = nil
                    place = end + 1
                } else {
                    set.insert(byte)
                    previous = byte
                    place += 1
                }
            } else {
                set.insert(byte)
                previous = byte
                place += 1
            }
        }
        return place < pattern.count ? (set, place + 1) : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 && byte < 0x80 }
    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    private static func isGraph(_ byte: UInt8) -> Bool { 0x21...0x7e ~= byte }

    private static let classes: [String: @Sendable (UInt8) -> Bool] = [
        "alnum": { isLetter($0) || isDigit($0) }, "alpha": { isLetter($0) },
        "blank": { $0 == 0x20 || $0 == 0x09 }, "cntrl": { $0 < 0x20 || $0 == 0x7f },
        "digit": { isDigit($0) }, "graph": { isGraph($0) }, "lower": { 0x61...0x7a ~= $0 },
        "print": { isGraph($0) || $0 == 0x20 }, "punct": { isGraph($0) && !isLetter($0) && !isDigit($0) },
        "space": { $0 == 0x20 || 0x09...0x0d ~= $0 }, "upper": { 0x41...0x5a ~= $0 },
        "xdigit": { isDigit($0) || 0x61...0x66 ~= $0 | 0x20 && $0 >= 0x41 },
    ]
}
