import Foundation
import Memory

/// Cuts text into the terms of the sparse index.
///
/// Letters and digits form words; they are lower-cased and lose their accents. Scripts without
/// spaces (Han, kana, Thai and their neighbours) give overlapping pairs of characters, the
/// practice of Lucene's CJK analyzer; in the plain language so does Hangul, whose words carry particles
/// that nothing cuts off. What becomes of words, ``TermFolding`` says.
public struct TermAnalyzer: Sendable, Codable, Equatable {
    public var language = TermLanguage.english
    /// Whether the language's function words are left out; only English ones are known.
    public var removesStopwords = true
    /// Whether forms of a word are one term: plurals in English, all that a stemmer knows in other languages.
    public var foldsPlurals = true

    public init(language: TermLanguage = .english) { self.language = language }

    /// The terms of a text in order.
    package func terms(of text: String) -> [String] {
        var terms: [String] = []
        forEachTerm(of: text) { terms.append($0) }
        return terms
    }

    /// Visits the terms of a text in order.
    package func forEachTerm(of text: String, _ visit: (String) -> Void) {
        forEachTermBytes(of: text) { visit(String(decoding: $0, as: UTF8.self)) }
    }

    /// Visits the terms of a text in order, each as UTF-8 that is valid during the call.
    ///
    /// O(bytes), and without a `String` where the text is ASCII.
    package func forEachTermBytes(of text: String, _ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
        let folding = TermFolding(self)
        defer { folding.end() }
        var copy = text
        let isASCII = copy.withUTF8 { bytes in
            guard bytes.reduce(0, |) < 128 else { return false }
            forEachASCIITerm(bytes, folding, visit)
            return true
        }
        if !isASCII { forEachUnicodeTerm(text, folding, visit) }
    }

    private func forEachASCIITerm(
        _ bytes: UnsafeBufferPointer<UInt8>, _ folding: TermFolding, _ visit: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count + 1) { word in
            let lowered = Self.loweredASCII.unsafeBase
            var length = 0
            for byte in bytes {
                let letter = lowered[Int(byte)]
                if letter != 0 {
                    word[length] = letter
                    length += 1
                } else if length > 0 {
                    folding.fold(UnsafeMutableBufferPointer(rebasing: word[..<length]), visit)
                    length = 0
                }
            }
            if length > 0 { folding.fold(UnsafeMutableBufferPointer(rebasing: word[..<length]), visit) }
        }
    }

    /// Letters in lower case and digits as they are; 0 for what separates words.
    private static let loweredASCII = FrozenArray<UInt8>(
        (0...UInt8.max).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: 0
            }
        })

    private func forEachUnicodeTerm(
        _ text: String, _ folding: TermFolding, _ visit: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let wantsMarks = folding.wantsMarks
        var word: [UInt8] = []
        var previous: Unicode.Scalar?  // the character before, inside a run of unspaced script
        var runLength = 0
        func visitString(_ string: String) {
            var string = string
            string.withUTF8(visit)
        }
        func endWord() {
            word.withUnsafeMutableBufferPointer { folding.fold($0, visit) }
            word.removeAll(keepingCapacity: true)
        }
        func endRun() {
            if runLength == 1, let previous { visitString(String(previous)) }
            previous = nil
            runLength = 0
        }
        for scalar in Self.withoutLongMarks(text).precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
        {
            if scalar.isASCII {
                // What most texts are made of even when they are not pure ASCII.
                endRun()
                let letter = Self.loweredASCII[Int(scalar.value)]
                if letter != 0 { word.append(letter) } else { endWord() }
                continue
            }
            if givesPairs(scalar), scalar.properties.isAlphabetic {
                endWord()
                if let previous { visitString(String(String.UnicodeScalarView([previous, scalar]))) }
                previous = scalar
                runLength += 1
                continue
            }
            switch scalar.properties.generalCategory {
            case .nonspacingMark:
                if wantsMarks, !word.isEmpty { word.append(contentsOf: String(scalar).utf8) }
            // Joiners and the like stand inside words (UAX 29); only the space of no width parts them.
            case .format where scalar != "\u{200B}":
                continue
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .decimalNumber, .letterNumber, .otherNumber, .spacingMark:
                endRun()
                if wantsMarks {
                    word.append(contentsOf: String(scalar).utf8)
                } else {
                    Self.appendWithoutAccents(scalar, to: &word)
                }
            default:
                endRun()
                endWord()
            }
        }
        endRun()
        endWord()
    }

    /// The text without marks that pile up beyond what any script writes: marks are no part of a term, and
    /// putting a run of them into Unicode's order takes the square of its length.
    private static func withoutLongMarks(_ text: String) -> String {
        var run = 0
        var longest = 0
        for scalar in text.unicodeScalars {
            run = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : run + 1
            longest = max(longest, run)
        }
        guard longest > mostMarks else { return text }
        var kept = String.UnicodeScalarView()
        run = 0
        for scalar in text.unicodeScalars {
            run = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : run + 1
            if run <= mostMarks { kept.append(scalar) }
        }
        return String(kept)
    }

    /// As many as Unicode's stream-safe text has (UAX 15).
    private static let mostMarks = 30

    private static func appendWithoutAccents(_ scalar: Unicode.Scalar, to word: inout [UInt8]) {
        for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
        where part.properties.generalCategory != .nonspacingMark {
            word.append(contentsOf: String(part).utf8)
        }
    }

    /// A stem without the marks on its letters.
    static func withoutMarks(_ text: String) -> String {
        var kept: [UInt8] = []
        for scalar in text.unicodeScalars { appendWithoutAccents(scalar, to: &kept) }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Whether a letter's script gives pairs of characters instead of words.
    package func givesPairs(_ scalar: Unicode.Scalar) -> Bool {
        Self.isUnspaced(scalar) || language == .plain && 0xAC00...0xD7A3 ~= scalar.value
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
