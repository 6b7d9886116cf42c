/// The dictionary in the header of a NumPy file: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, a literal of Python
/// that has these three members in any order.
struct NpyDictionary {
    struct Fault: Error {
        let reason: String
    }

    /// Nil where numbers are records of several.
    private(set) var descr: String?
    private(set) var isByColumns = false
    private(set) var shape: [Int] = []

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) throws(Fault) {
        self.bytes = bytes
        var seen: Set<String> = []
        try expect("{")
        while !take("}") {
            let key = try string()
            guard seen.insert(key).inserted else { throw Fault(reason: "'\(key)' stands twice") }
            try expect(":")
            switch key {
            case "descr": try readDescr()
            case "fortran_order": isByColumns = try truth()
            case "shape": shape = try tuple()
            default: throw Fault(reason: "there is a member '\(key)'")
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == bytes.count else { throw Fault(reason: "there is text behind it") }
        for key in ["descr", "fortran_order", "shape"] where !seen.contains(key) {
            throw Fault(reason: "'\(key)' is missing")
        }
    }

    /// A list describes records, which are not read on: the shape no longer matters.
    private mutating func readDescr() throws(Fault) {
        skipSpace()
        guard peek != UInt8(ascii: "[") else {
            try skipList()
            return
        }
        descr = try string()
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d { position += 1 }
    }

    private mutating func take(_ symbol: Character) -> Bool {
        skipSpace()
        guard let byte = peek, byte == symbol.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: Character) throws(Fault) {
        guard take(symbol) else { throw Fault(reason: "expected \(symbol) at byte \(position)") }
    }

    private mutating func string() throws(Fault) -> String {
        skipSpace()
        guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw Fault(reason: "expected a string at byte \(position)")
        }
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: quote) else { throw Fault(reason: "a string is not closed") }
        position = end + 1
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
            throw Fault(reason: "a string is not UTF-8")
        }
        return text
    }

    private mutating func truth() throws(Fault) -> Bool {
        skipSpace()
        for (word, value) in [("False", false), ("True", true)] where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw Fault(reason: "expected True or False at byte \(position)")
    }

    private mutating func tuple() throws(Fault) -> [Int] {
        try expect("(")
        var items: [Int] = []
        while !take(")") {
            skipSpace()
            let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty, let item = Int(String(decoding: digits, as: UTF8.self)), items.count < 32 else {
                throw Fault(reason: "expected a number at byte \(position)")
            }
            position += digits.count
            items.append(item)
            if !take(",") {
                try expect(")")
                break
            }
        }
        return items
    }

    /// Passes over a list with whatever is in it.
    private mutating func skipList() throws(Fault) {
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                _ = try string()
                continue
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return }
        }
        throw Fault(reason: "a list is not closed")
    }
}
