import Foundation

/// Cuts text into the terms of the sparse index.
///
/// Letters and digits form words; they are lower-cased and lose their accents. Scripts without
/// spaces (Han, kana, Thai and their neighbours) give overlapping pairs of characters, the
/// practice of Lucene's CJK analyzer. English function words are left out, and plurals are folded
/// with Harman's weak stemmer (JASIS 42:1, 1991).
public struct TermAnalyzer: Sendable, Codable, Equatable {
    public var removesStopwords = true
    public var foldsPlurals = true

    public init() {}

    /// The terms of a text in order.
    public func terms(of text: String) -> [String] {
        var terms: [String] = []
        forEachTerm(of: text) { terms.append($0) }
        return terms
    }

    /// Visits the terms of a text in order.
    public func forEachTerm(of text: String, _ visit: (String) -> Void) {
        var copy = text
        let isASCII = copy.withUTF8 { bytes in
            guard bytes.allSatisfy({ $0 < 128 }) else { return false }
            forEachASCIITerm(bytes, visit)
            return true
        }
        if !isASCII { forEachUnicodeTerm(text, visit) }
    }

    private func forEachASCIITerm(_ bytes: UnsafeBufferPointer<UInt8>, _ visit: (String) -> Void) {
        var word: [UInt8] = []
        word.reserveCapacity(32)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                word.append(byte | 0x20)
            default:
                emit(&word, visit)
            }
        }
        emit(&word, visit)
    }

    private func forEachUnicodeTerm(_ text: String, _ visit: (String) -> Void) {
        var word: [UInt8] = []
        var previous: Unicode.Scalar?  // the character before, inside a run of unspaced script
        var runLength = 0
        func endRun() {
            if runLength == 1, let previous { visit(String(previous)) }
            previous = nil
            runLength = 0
        }
        for scalar in text.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if Self.isUnspaced(scalar), scalar.properties.isAlphabetic {
                emit(&word, visit)
                if let previous { visit(String(String.UnicodeScalarView([previous, scalar]))) }
                previous = scalar
                runLength += 1
                continue
            }
            let properties = scalar.properties
            switch properties.generalCategory {
            case .nonspacingMark:
                continue
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .decimalNumber, .letterNumber, .otherNumber, .spacingMark:
                endRun()
                Self.appendWithoutAccents(scalar, to: &word)
            default:
                endRun()
                emit(&word, visit)
            }
        }
        endRun()
        emit(&word, visit)
    }

    private static func appendWithoutAccents(_ scalar: Unicode.Scalar, to word: inout [UInt8]) {
        if scalar.isASCII {
            word.append(UInt8(scalar.value))
            return
        }
        for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
        where part.properties.generalCategory != .nonspacingMark {
            word.append(contentsOf: String(part).utf8)
        }
    }

    private func emit(_ word: inout [UInt8], _ visit: (String) -> Void) {
        guard !word.isEmpty else { return }
        defer { word.removeAll(keepingCapacity: true) }
        if removesStopwords, word.count <= EnglishStopwords.longest,
            EnglishStopwords.words.contains(String(decoding: word, as: UTF8.self)) {
            return
        }
        if foldsPlurals { Self.foldPlural(&word) }
        visit(String(decoding: word, as: UTF8.self))
    }

    /// Harman's three rules, first match wins.
    static func foldPlural(_ word: inout [UInt8]) {
        let n = word.count
        guard n > 3, word[n - 1] == UInt8(ascii: "s") else { return }
        let beforeS = word[n - 2]
        if beforeS == UInt8(ascii: "e"), word[n - 3] == UInt8(ascii: "i") {
            if word[n - 4] != UInt8(ascii: "e"), word[n - 4] != UInt8(ascii: "a") {
                word.removeLast(3)
                word.append(UInt8(ascii: "y"))
            }
        } else if beforeS == UInt8(ascii: "e") {
            let third = word[n - 3]
            if third != UInt8(ascii: "a"), third != UInt8(ascii: "e"), third != UInt8(ascii: "o") {
                word.removeLast()
            }
        } else if beforeS != UInt8(ascii: "u"), beforeS != UInt8(ascii: "s") {
            word.removeLast()
        }
    }

    /// Scripts that are written without spaces between words.
    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF,  // Thai, Lao
            0x1000...0x109F, 0x1780...0x17FF,  // Myanmar, Khmer
            0x3040...0x3098, 0x309B...0x30FF, 0x31F0...0x31FF,  // kana but its combining marks
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:  // Han
            true
        default: false
        }
    }
}
