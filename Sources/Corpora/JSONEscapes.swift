/// The escapes of JSON strings, in both directions.
package enum JSONEscapes {
    /// Decodes the content between two quotes; nil where the bytes are not UTF-8.
    static func decode(
        _ raw: UnsafeRawBufferPointer, cursor: JSONCursor
    ) throws(JSONLineError) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            guard byte == 0x5c, index + 1 < raw.count else {
                bytes.append(byte)
                index += 1
                continue
            }
            let kind = raw[index + 1]
            index += 2
            switch kind {
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0c)
            case 0x6e: bytes.append(0x0a)
            case 0x72: bytes.append(0x0d)
            case 0x74: bytes.append(0x09)
            case 0x75:
                guard let scalar = scalar(raw, &index) else {
                    throw cursor.failure("unpaired surrogate in a string")
                }
                bytes.append(contentsOf: String(Character(scalar)).utf8)
            default: bytes.append(kind)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Reads the four digits at `index`, and those of the low half where they are a high surrogate.
    private static func scalar(
        _ raw: UnsafeRawBufferPointer, _ index: inout Int
    ) -> Unicode.Scalar? {
        guard let high = unit(raw, index) else { return nil }
        index += 4
        guard 0xd800..<0xdc00 ~= high else { return Unicode.Scalar(high) }
        guard index + 6 <= raw.count, raw[index] == 0x5c, raw[index + 1] == 0x75,
            let low = unit(raw, index + 2), 0xdc00..<0xe000 ~= low
        else { return nil }
        index += 6
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    }

    private static func unit(_ raw: UnsafeRawBufferPointer, _ index: Int) -> UInt32? {
        guard index + 4 <= raw.count else { return nil }
        var unit: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = raw[index + offset].hexadecimalValue else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Appends a string with its quotes; only what JSON requires is escaped.
    package static func append(_ string: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(0x22)
        for byte in string.utf8 {
            switch byte {
            case 0x22, 0x5c: bytes.append(contentsOf: [0x5c, byte])
            case 0x0a: bytes.append(contentsOf: [0x5c, 0x6e])
            case 0x0d: bytes.append(contentsOf: [0x5c, 0x72])
            case 0x09: bytes.append(contentsOf: [0x5c, 0x74])
            case 0..<0x20:
                bytes.append(contentsOf: [0x5c, 0x75, 0x30, 0x30])
                bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
