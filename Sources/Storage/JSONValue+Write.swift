extension JSONValue {
    /// The document on one line; with `sorted`, members are ordered by the bytes of their names,
    /// so that equal documents give equal bytes.
    package func bytes(sorted: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, sorted: sorted)
        return output
    }

    private func write(to output: inout [UInt8], sorted: Bool) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value):
            if let whole = Int(exactly: value) {
                output.append(contentsOf: String(whole).utf8)
            } else {
                output.append(contentsOf: String(value).utf8)
            }
        case .string(let text): JSONValue.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "]"))
        case .object(var members):
            if sorted {
                members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            }
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSONValue.write(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output, sorted: sorted)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a string in quotes with the escapes that JSON requires.
    package static func write(_ text: String, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20:
                output.append(contentsOf: "\\u00".utf8)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension JSONValue.Member {
    package init(_ key: String, _ value: JSONValue) {
        self.init(key: key, value: value)
    }
}
