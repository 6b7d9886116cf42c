import Foundation

/// Where the terms of a text stand.
extension TermAnalyzer {
    /// The parts of a text that give terms of a set: rising UTF-8 byte ranges. Words are marked whole, and in
    /// scripts without spaces the characters of each pair.
    ///
    /// The borders are those of the terms themselves: only letters, digits and the marks on them make words,
    /// in any script.
    ///
    /// - Complexity: O(text), and one analysis a word.
    package func places(of wanted: Set<String>, in text: String) -> [Range<Int>] {
        guard !wanted.isEmpty else { return [] }
        var finder = PlaceFinder(analyzer: self, wanted: wanted, bytes: Array(text.utf8))
        var offset = 0
        for scalar in text.unicodeScalars {
            let end = offset + UTF8.width(scalar)
            finder.take(scalar, offset..<end)
            offset = end
        }
        finder.endAll()
        return finder.found
    }
}

/// Cuts a text into words and pairs, scalar by scalar, as the analyzer does.
private struct PlaceFinder {
    let analyzer: TermAnalyzer
    let wanted: Set<String>
    let bytes: [UInt8]
    private(set) var found: [Range<Int>] = []
    /// The word at hand.
    private var word: Range<Int>?
    /// The last characters of a run of unspaced script, with the marks on them, and the run's length.
    private var before: Range<Int>?
    private var last: Range<Int>?
    private var runLength = 0

    init(analyzer: TermAnalyzer, wanted: Set<String>, bytes: [UInt8]) {
        (self.analyzer, self.wanted, self.bytes) = (analyzer, wanted, bytes)
    }

    private enum Role { case letter, unspaced, mark, border }

    private func role(_ scalar: Unicode.Scalar) -> Role {
        if scalar.isASCII {
            return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) ? .letter : .border
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
        if let word, isWanted(word) { found.append(word) }
        word = nil
    }

    private mutating func endPair() {
        guard let before, let last else { return }
        let pair = before.lowerBound..<last.upperBound
        guard isWanted(pair) else { return }
        // Pairs overlap.
        if let known = found.last, known.upperBound > pair.lowerBound {
            found[found.count - 1] = known.lowerBound..<pair.upperBound
        } else {
            found.append(pair)
        }
    }

    private mutating func endRun() {
        endPair()
        if runLength == 1, let last, isWanted(last) { found.append(last) }
        (before, last, runLength) = (nil, nil, 0)
    }

    private func isWanted(_ range: Range<Int>) -> Bool {
        analyzer.terms(of: String(decoding: bytes[range], as: UTF8.self)).contains(where: wanted.contains)
    }
}
