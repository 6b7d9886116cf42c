import Foundation
import Search

/// A piece of a passage's text with the matched parts marked.
public struct Snippet: Sendable, Equatable {
    public var text: String
    /// The matched parts as UTF-8 byte ranges of `text`, rising and apart.
    public var matches: [Range<Int>]

    public init(text: String, matches: [Range<Int>]) {
        self.text = text
        self.matches = matches
    }

    /// Cuts the window of about `length` characters that holds the most matched weight.
    ///
    /// - Parameters:
    ///   - text: the whole.
    ///   - matches: UTF-8 byte ranges of `text` with weights, in any order.
    ///   - length: in characters.
    public init(of text: String, matches: [Highlight], length: Int = 240) {
        let bytes = Array(text.utf8)
        let sorted = matches.filter { !$0.range.isEmpty && $0.range.upperBound <= bytes.count }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        var window = 0..<min(bytes.count, length)
        if bytes.count > length {
            var best: Float = -1
            for (position, first) in sorted.enumerated() {
                let end = first.range.lowerBound + length * 3 / 4
                let weight = sorted[position...].prefix { $0.range.upperBound <= end }
                    .reduce(Float(0)) { $0 + $1.weight }
                guard weight > best else { continue }
                best = weight
                let start = max(0, min(first.range.lowerBound - length / 4, bytes.count - length))
                window = start..<start + length
            }
            window = Self.widenToWords(window, bytes)
        }
        let before = window.lowerBound > 0 ? "… " : ""
        let after = window.upperBound < bytes.count ? " …" : ""
        var inside: [Range<Int>] = []
        for item in sorted {
            let low = max(item.range.lowerBound, window.lowerBound)
            var high = min(item.range.upperBound, window.upperBound)
            // With all marks of its last character.
            while high < window.upperBound, !Self.isCharacter(high, bytes) { high += 1 }
            guard low < high else { continue }
            let shifted = low - window.lowerBound + before.utf8.count..<high - window.lowerBound + before.utf8.count
            if let last = inside.last, shifted.lowerBound <= last.upperBound {
                inside[inside.count - 1] = last.lowerBound..<max(last.upperBound, shifted.upperBound)
            } else {
                inside.append(shifted)
            }
        }
        let cut = String(decoding: bytes[window], as: UTF8.self)
        self.init(text: before + Self.singleLine(cut) + after, matches: inside)
    }

    /// Moves both ends outward to spaces, or at least off the middle of a character.
    private static func widenToWords(_ window: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        func isBoundary(_ position: Int) -> Bool {
            position == 0 || position == bytes.count || bytes[position] == 0x20 || bytes[position] == 0x0A
        }
        var low = window.lowerBound
        while !isBoundary(low), window.lowerBound - low < 24 { low -= 1 }
        var high = window.upperBound
        while !isBoundary(high), high - window.upperBound < 24 { high += 1 }
        while low > 0, !isCharacter(low, bytes) { low -= 1 }
        while high < bytes.count, !isCharacter(high, bytes) { high += 1 }
        if low < high, bytes[low] == 0x20 { low += 1 }
        return low..<high
    }

    /// Whether a character starts at a position, which a mark on the one before does not.
    private static func isCharacter(_ position: Int, _ bytes: [UInt8]) -> Bool {
        guard bytes[position] & 0xC0 != 0x80 else { return false }
        let end = bytes[(position + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
        guard let scalar = String(decoding: bytes[position..<end], as: UTF8.self).unicodeScalars.first else {
            return true
        }
        return !scalar.properties.isGraphemeExtend && scalar != "\u{200D}"
    }

    /// Line breaks become spaces; byte for byte, so that ranges stay true.
    private static func singleLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self)
    }

    /// The text with `before` and `after` around each match.
    public func marked(before: String, after: String) -> String {
        let bytes = Array(text.utf8)
        var result = ""
        var position = 0
        for match in matches {
            result += String(decoding: bytes[position..<match.lowerBound], as: UTF8.self)
            result += before + String(decoding: bytes[match], as: UTF8.self) + after
            position = match.upperBound
        }
        return result + String(decoding: bytes[position...], as: UTF8.self)
    }
}
