import Foundation

/// How words become terms: what is left out, and which of their forms are one.
///
/// English words lose their plurals with Harman's weak stemmer (JASIS 42:1, 1991), and function words are left out; words of
/// other languages are stemmed with their accents, which stemmers need, and lose them then.
struct TermFolding {
    private let removesStopwords: Bool
    private let foldsPlurals: Bool
    private let keepsMarks: Bool
    private let stemmer: SnowballStemmer.Loan?

    init(_ analyzer: TermAnalyzer) {
        let isEnglish = analyzer.language == .english
        removesStopwords = isEnglish && analyzer.removesStopwords
        foldsPlurals = isEnglish && analyzer.foldsPlurals
        keepsMarks = analyzer.language.keepsMarks
        stemmer = analyzer.foldsPlurals ? SnowballStemmer.borrow(analyzer.language) : nil
    }

    /// Whether words are to come with the marks on their letters.
    var wantsMarks: Bool { stemmer != nil }

    func end() { stemmer?.giveBack() }

    /// Visits a word's term unless the word is left out. The word may be folded in place.
    @inline(__always)
    func fold(_ word: UnsafeMutableBufferPointer<UInt8>, _ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard !word.isEmpty, !(removesStopwords && EnglishStopwords.contains(word)) else { return }
        if let stemmer { return fold(UnsafeBufferPointer(word), stemmer, visit) }
        let length = foldsPlurals ? Self.foldPlural(word) : word.count
        visit(UnsafeBufferPointer(rebasing: word[..<length]))
    }

    private func fold(
        _ word: UnsafeBufferPointer<UInt8>, _ stemmer: SnowballStemmer.Loan,
        _ visit: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        stemmer.stem(word) { stem in
            guard !keepsMarks, stem.contains(where: { $0 > 127 }) else { return visit(stem) }
            var bare = TermAnalyzer.withoutMarks(String(decoding: stem, as: UTF8.self))
            bare.withUTF8 { if !$0.isEmpty { visit($0) } }
        }
    }

    /// Harman's three rules, first match wins; returns the folded word's length.
    private static func foldPlural(_ word: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let n = word.count
        guard n > 3, word[n - 1] == UInt8(ascii: "s") else { return n }
        let beforeS = word[n - 2]
        if beforeS == UInt8(ascii: "e"), word[n - 3] == UInt8(ascii: "i") {
            guard word[n - 4] != UInt8(ascii: "e"), word[n - 4] != UInt8(ascii: "a") else { return n }
            word[n - 3] = UInt8(ascii: "y")
            return n - 2
        }
        if beforeS == UInt8(ascii: "e") {
            let third = word[n - 3]
            let staysWhole =
                third == UInt8(ascii: "a") || third == UInt8(ascii: "e") || third == UInt8(ascii: "o")
            return staysWhole ? n : n - 1
        }
        return beforeS == UInt8(ascii: "u") || beforeS == UInt8(ascii: "s") ? n : n - 1
    }
}
