/// The fields of a passage: the members of its record that are neither id, title nor text.
enum RecordFields {
    /// Members as one JSON object without white space, as they are written there; empty where none says anything.
    ///
    /// Left out are null, empty objects and empty lists. NaN and infinity, which Python writes and JSON does not know,
    /// become null. Bytes that are no UTF-8 become replacement characters.
    static func json(_ members: [JSONLineReader.Member], of record: UnsafeRawBufferPointer) -> String {
        var bytes: [UInt8] = []
        for member in members {
            let start = bytes.count
            bytes.append(start == 0 ? 0x7b : 0x2c)
            bytes.append(0x22)
            bytes.append(contentsOf: record[member.name])
            bytes.append(contentsOf: [0x22, 0x3a])
            let value = bytes.count
            appendCompact(UnsafeRawBufferPointer(rebasing: record[member.value]), to: &bytes)
            if saysNothing(bytes[value...]) { bytes.removeSubrange(start...) }
        }
        return closed(&bytes)
    }

    /// Columns of a table: a number where a value is one as JSON writes it, true and false, else a string.
    static func json(_ columns: [(name: String, value: [UInt8])]) -> String {
        var bytes: [UInt8] = []
        for (name, value) in columns {
            bytes.append(bytes.isEmpty ? 0x7b : 0x2c)
            JSONEscapes.append(name, to: &bytes)
            bytes.append(0x3a)
            if isPlain(value) {
                bytes.append(contentsOf: value)
            } else {
                JSONEscapes.append(String(decoding: value, as: UTF8.self), to: &bytes)
            }
        }
        return closed(&bytes)
    }

    private static func closed(_ bytes: inout [UInt8]) -> String {
        guard !bytes.isEmpty else { return "" }
        bytes.append(0x7d)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func saysNothing(_ value: ArraySlice<UInt8>) -> Bool {
        ["null", "{}", "[]"].contains { value.elementsEqual($0.utf8) }
    }

    private static func isPlain(_ value: [UInt8]) -> Bool {
        if value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8) { return true }
        return value.withUnsafeBytes { bytes in
            var cursor = JSONCursor(bytes)
            return (try? cursor.number()) != nil && cursor.isAtEnd
        }
    }

    /// A value that is known to keep the grammar, without white space between its parts.
    private static func appendCompact(_ value: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        var isInString = false
        var index = 0
        while index < value.count {
            let byte = value[index]
            index += 1
            if isInString {
                if byte == 0x22 { isInString = false }
                if byte == 0x5c {
                    appendEscape(value, &index, to: &bytes)
                } else {
                    bytes.append(byte)
                }
                continue
            }
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: continue
            // "NaN" or "Infinity", perhaps behind a minus.
            case 0x4e, 0x49:
                index += byte == 0x4e ? 2 : 7
                if bytes.last == 0x2d { bytes.removeLast() }
                bytes.append(contentsOf: "null".utf8)
            default:
                if byte == 0x22 { isInString = true }
                bytes.append(byte)
            }
        }
    }

    /// The escape behind a backslash; half of a surrogate pair becomes a replacement character.
    private static func appendEscape(_ value: UnsafeRawBufferPointer, _ index: inout Int, to bytes: inout [UInt8]) {
        let start = index - 1
        index += value[index] == 0x75 ? 5 : 1
        let isLone = value[start + 1] == 0x75 && JSONEscapes.scalar(value, at: start + 2, end: &index) == nil
        bytes.append(contentsOf: isLone ? Array("\\ufffd".utf8) : Array(value[start..<index]))
    }
}
