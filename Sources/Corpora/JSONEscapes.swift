import Foundation

/// The escapes of JSON strings, in both directions.
package enum JSONEscapes {
    /// Decodes the content between two quotes; nil where the bytes are not UTF-8.
    static func decode(
        _ raw: UnsafeRawBufferPointer, cursor: JSONCursor
    ) throws(JSONLineError) -> String? {
        // Decoding never lengthens: the shortest escape of three bytes of UTF-8 has six.
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: raw.count) {
            (target) throws(JSONLineError) in
            var count = 0
            var index = 0
            while index < raw.count {
                // Most of a string is plain, even where it has escapes.
                let plain = ordinaryCount(raw, from: index)
                if plain > 0, let source = raw.baseAddress, let base = target.baseAddress {
                    memcpy(base + count, source + index, plain)
                    count += plain
                    index += plain
                }
                guard index + 1 < raw.count else { break }
                let kind = raw[index + 1]
                index += 2
                if kind == 0x75 {
                    guard let scalar = scalar(raw, &index) else {
                        throw cursor.failure("unpaired surrogate in a string")
                    }
                    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                        target[count] = unit
                        count += 1
                    }
                } else {
                    target[count] = meaning(of: kind)
                    count += 1
                }
            }
            return String(validating: UnsafeBufferPointer(rebasing: target[..<count]), as: UTF8.self)
        }
    }

    /// The bytes from `index` on up to the next backslash.
    private static func ordinaryCount(_ raw: UnsafeRawBufferPointer, from index: Int) -> Int {
        guard let start = raw.baseAddress?.advanced(by: index) else { return 0 }
        let found = memchr(start, 0x5c, raw.count - index)
        return found.map { UnsafeRawPointer($0) - start } ?? raw.count - index
    }

    /// What a one-letter escape stands for.
    private static func meaning(of kind: UInt8) -> UInt8 {
        switch kind {
        case 0x62: 0x08
        case 0x66: 0x0c
        case 0x6e: 0x0a
        case 0x72: 0x0d
        case 0x74: 0x09
        default: kind
        }
    }

    /// The character whose digits start at an index, and where what stands for it ends; nil, and the end as it was, for
    /// half of a pair.
    static func scalar(_ raw: UnsafeRawBufferPointer, at start: Int, end: inout Int) -> Unicode.Scalar? {
        var index = start
        guard let scalar = scalar(raw, &index) else { return nil }
        end = index
        return scalar
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
