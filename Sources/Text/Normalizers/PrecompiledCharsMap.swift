import Foundation
import Storage

/// SentencePiece's `precompiled_charsmap`: a double array of what is replaced, and the
/// replacements.
///
/// The layout is a little-endian u32 with the size of the array in bytes, the array's u32 units,
/// and replacements that end with a zero byte. Damaged arrays find nothing.
struct PrecompiledCharsMap: Sendable {
    /// Longer replacements are refused; the longest that SentencePiece makes has 33 bytes.
    private static let longest = 128
    /// Clusters of more bytes are looked up scalar by scalar.
    private static let longestCluster = 5

    private let units: [UInt32]
    private let replacements: [UInt8]
    /// The replacement of each ASCII character by itself.
    private var ascii: [Substring.UnicodeScalarView?]

    init(json: JSONValue) throws(TokenizerError) {
        guard let text = json["precompiled_charsmap"]?.string, let data = Data(base64Encoded: text)
        else { throw .malformed("normalizer.precompiled_charsmap must be base64") }
        let bytes = [UInt8](data)
        func unit(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 4, Int(unit(0)) <= bytes.count - 4 else {
            throw .malformed("normalizer.precompiled_charsmap is shorter than its array")
        }
        let count = Int(unit(0)) / 4
        units = (0..<count).map { unit($0 + 1) }
        replacements = Array(bytes[(4 + 4 * count)...])
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw .malformed("normalizer.precompiled_charsmap: replacements are not UTF-8")
        }
        let runs = replacements.split(separator: 0)
        guard runs.allSatisfy({ $0.count <= PrecompiledCharsMap.longest }) else {
            throw .malformed("normalizer.precompiled_charsmap: a replacement does not end")
        }
        ascii = []
        ascii = (0..<128).map { byte in
            [UInt8(byte)].withUnsafeBufferPointer { replacement(of: $0) }
        }
    }

    /// What a cluster is replaced by: the entry of the shortest prefix that has one.
    private func replacement(
        of chunk: UnsafeBufferPointer<UInt8>
    ) -> Substring.UnicodeScalarView? {
        guard let root = units.first else { return nil }
        var node = PrecompiledCharsMap.offset(root)
        for byte in chunk {
            if byte == 0 { return nil }
            node ^= Int(byte)
            guard node < units.count else { return nil }
            let unit = units[node]
            // The label, with the bit that tells values from nodes.
            guard unit & 0x8000_00FF == UInt32(byte) else { return nil }
            node ^= PrecompiledCharsMap.offset(unit)
            if unit >> 8 & 1 == 1 {
                guard node < units.count else { return nil }
                return string(at: Int(units[node] & 0x7FFF_FFFF))
            }
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int {
        Int(unit >> 10) << Int((unit & 0x200) >> 6)
    }

    private func string(at start: Int) -> Substring.UnicodeScalarView? {
        guard start <= replacements.count,
            start == replacements.count || replacements[start] & 0xC0 != 0x80
        else { return nil }
        let rest = replacements[start...]
        return Substring(decoding: rest.prefix { $0 != 0 }, as: UTF8.self).unicodeScalars
    }

    /// Writes the text with its replacements; false when there are none.
    func apply(to text: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText) -> Bool {
        var changes = ScalarChanges()
        var hasChanged = false
        GraphemeClusters.forEach(in: text) { range in
            let byte = text[range.lowerBound]
            if range.count == 1, byte < 0x80 {
                if let new = ascii[Int(byte)] {
                    hasChanged = true
                    changes.replace(1, with: new)
                } else {
                    changes.append(Unicode.Scalar(byte), 0)
                }
                return
            }
            if range.count <= PrecompiledCharsMap.longestCluster,
                let new = replacement(of: UnsafeBufferPointer(rebasing: text[range]))
            {
                hasChanged = true
                changes.replace(text[range].count { $0 & 0xC0 != 0x80 }, with: new)
                return
            }
            var index = range.lowerBound
            while index < range.upperBound {
                let (value, length) = text.scalar(at: index)
                let part = UnsafeBufferPointer(rebasing: text[index..<index + length])
                if let new = replacement(of: part) {
                    hasChanged = true
                    changes.replace(1, with: new)
                } else {
                    changes.append(Unicode.Scalar(value) ?? "\u{FFFD}", 0)
                }
                index += length
            }
        }
        if hasChanged {
            output.reserve(text.count)
            changes.write(over: text, from: 0, into: &output)
        }
        return hasChanged
    }
}
