import Foundation

/// Finds terms of a set in texts: in one after the other, as those of an answer.
///
/// The borders are those of the terms themselves: only letters, digits and the marks on them make words, in any script. What a word
/// gives is remembered, as the same ones come again and again.
package struct TermMarks {
    /// A part of a text that gives a term of the set.
    package struct Match: Equatable {
        /// UTF-8 bytes.
        package var range: Range<Int>
        package var term: String
    }

    private let analyzer: TermAnalyzer
    private let wanted: Set<String>
    private var known: [ShortWord: [String]] = [:]

    package init(of wanted: Set<String>, _ analyzer: TermAnalyzer) { (self.wanted, self.analyzer) = (wanted, analyzer) }

    /// The words of a text that give terms of the set, in rising order; in scripts without spaces, pairs of characters, which overlap.
    ///
    /// - Complexity: O(text), and one analysis a new word.
    package mutating func matches(in text: String) -> [Match] {
        guard !wanted.isEmpty else { return [] }
        var finder = PlaceFinder(analyzer: analyzer, wanted: wanted, bytes: Array(text.utf8), known: known)
        // Only one of them changes it.
        known = [:]
        var offset = 0
        for scalar in text.unicodeScalars {
            let end = offset + UTF8.width(scalar)
            finder.take(scalar, offset..<end)
            offset = end
        }
        finder.endAll()
        known = finder.known
        return finder.found
    }

    /// The parts of a text that give terms of the set, rising and apart.
    package mutating func places(in text: String) -> [Range<Int>] {
        var places: [Range<Int>] = []
        for match in matches(in: text) {
            if let last = places.last, last.upperBound > match.range.lowerBound {
                places[places.count - 1] = last.lowerBound..<match.range.upperBound
            } else {
                places.append(match.range)
            }
        }
        return places
    }
}

extension TermAnalyzer {
    /// Where terms stand in one text: see ``TermMarks``.
    package func places(of wanted: Set<String>, in text: String) -> [Range<Int>] {
        var marks = TermMarks(of: wanted, self)
        return marks.places(in: text)
    }
}

/// A word of up to fifteen bytes, packed with its length.
private struct ShortWord: Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Nil for a longer one.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count < 16 else { return nil }
        for byte in bytes {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
        high |= UInt64(bytes.count) << 56
    }
}

/// Cuts a text into words and pairs, scalar by scalar, as the analyzer does.
private struct PlaceFinder {
    let analyzer: TermAnalyzer
    let wanted: Set<String>
    let bytes: [UInt8]
    /// The wanted terms that words give, as far as they came before.
    private(set) var known: [ShortWord: [String]]
    private(set) var found: [TermMarks.Match] = []
    /// The word at hand.
    private var word: Range<Int>?
    /// The last characters of a run of unspaced script, with the marks on them, and the run's length.
    private var before: Range<Int>?
    private var last: Range<Int>?
    private var runLength = 0

    init(analyzer: TermAnalyzer, wanted: Set<String>, bytes: [UInt8], known: [ShortWord: [String]]) {
        (self.analyzer, self.wanted, self.bytes, self.known) = (analyzer, wanted, bytes, known)
    }

    private enum Role { case letter, unspaced, mark, border }

    private func role(_ scalar: Unicode.Scalar) -> Role {
        if scalar.isASCII {
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            return isLetter || ("0"..."9").contains(scalar) ? .letter : .border
        }
        // Half-width and other compatible forms belong to the script of what they stand for.
        let plain = String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars.first ?? scalar
        if analyzer.givesPairs(plain), plain.properties.isAlphabetic { return .unspaced }
        switch plain.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        case .format where plain != "\u{200B}": return .mark
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .spacingMark:
            return .letter
        default: return .border
        }
    }

    mutating func take(_ scalar: Unicode.Scalar, _ range: Range<Int>) {
        switch role(scalar) {
        case .letter:
            endRun()
            word = (word?.lowerBound ?? range.lowerBound)..<range.upperBound
        case .unspaced:
            endWord()
            endPair()
            before = last
            last = range
            runLength += 1
        case .mark:
            // A mark belongs to what it stands on.
            if let open = word { word = open.lowerBound..<range.upperBound }
            if let open = last { last = open.lowerBound..<range.upperBound }
        case .border:
            endAll()
        }
    }

    mutating func endAll() {
        endWord()
        endRun()
    }

    private mutating func endWord() {
        if let word { take(word) }
        word = nil
    }

    private mutating func endPair() {
        if let before, let last { take(before.lowerBound..<last.upperBound) }
    }

    private mutating func endRun() {
        endPair()
        if runLength == 1, let last { take(last) }
        (before, last, runLength) = (nil, nil, 0)
    }

    /// Notes what a word or a pair gives.
    private mutating func take(_ range: Range<Int>) {
        for term in terms(of: range) { found.append(.init(range: range, term: term)) }
    }

    private mutating func terms(of range: Range<Int>) -> [String] {
        guard let word = ShortWord(bytes[range]) else { return analyzed(range) }
        if let known = known[word] { return known }
        let terms = analyzed(range)
        known[word] = terms
        return terms
    }

    private func analyzed(_ range: Range<Int>) -> [String] {
        analyzer.terms(of: String(decoding: bytes[range], as: UTF8.self)).filter(wanted.contains)
    }
}
