import Corpora
import TestSupport
import Testing

/// Nothing but white space goes: marks stay, also behind a blank.
@Suite struct MarkTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Words that begin with a mark, which Swift takes for one character with the blank before it.
    private let words = [
        "กำ", "\u{0e33}น้ำ", "\u{0e48}ก", "हिन्दी", "\u{093f}क", "\u{094d}ष", "\u{064e}ب", "\u{05b0}ש", "\u{301}a",
        "e\u{301}", "\u{200d}x", "\u{200c}y", "\u{fe0f}z", "\u{20e3}", "👩\u{200d}👧", "\u{200b}w",
    ]

    @Test(arguments: ["t.txt", "t.md"]) func texts(_ name: String) throws {
        for blank in [" ", "\t", "\u{a0}", "\u{2028}", "\u{85}", "\u{3000}", "\u{c}", "\r\n", "\n", "\r"] {
            let text = words.joined(separator: blank)
            let read = try readAll(try folder.write(name, "a " + text))
            let found = read.passages.map(\.text).joined(separator: " ")
            let kept = found.unicodeScalars.filter { !$0.properties.isWhitespace }
            let wanted = ("a" + text).unicodeScalars.filter { !$0.properties.isWhitespace }
            #expect(Array(kept) == Array(wanted), "\(Array(blank.unicodeScalars))")
        }
    }

    @Test func cutTexts() throws {
        let text = (0..<40).map { _ in words.joined(separator: " ") }.joined(separator: " ")
        let read = try readAll(
            try folder.write("t.txt", text), CorpusOptions(passageWords: 7, overlapWords: 0))
        let kept = read.passages.flatMap { $0.text.unicodeScalars.filter { !$0.properties.isWhitespace } }
        #expect(kept == text.unicodeScalars.filter { !$0.properties.isWhitespace })
        // No passage of an unspaced script begins with a mark torn from its letter.
        let thai = try readAll(
            try folder.write("u.txt", String(repeating: "น้ำท่วมที่", count: 50)),
            CorpusOptions(passageWords: 5, overlapWords: 0))
        for passage in thai.passages {
            #expect(passage.text.unicodeScalars.first?.properties.generalCategory != .nonspacingMark)
        }
    }

    @Test func titlesAndRecords() throws {
        let heading = try readAll(try folder.write("h.md", "#  \u{301}mark \u{93f} #\n\ntext\n"))
        #expect(
            heading.passages.first?.title.unicodeScalars.elementsEqual("\u{301}mark \u{93f}".unicodeScalars) == true)
        let front = try readAll(try folder.write("f.md", "---\ntitle:  \u{301}mark\n---\ntext\n"))
        #expect(front.passages.first?.title.unicodeScalars.elementsEqual("\u{301}mark".unicodeScalars) == true)
        let json = try readAll(
            try folder.write("j", "{\"id\":\"1\",\"text\":\" \u{301} \"}\n{\"id\":\"2\",\"text\":\"\u{3000} \"}\n"))
        #expect(json.passages.map { Array($0.text.unicodeScalars) } == [[" ", "\u{301}", " "]])
        #expect(json.report.badLines.map(\.reason) == ["empty text"])
        let table = try readAll(try folder.write("t.tsv", "id\ttext\n1\t\u{301}a\u{85}b\u{2028}c\u{c}d\n"))
        #expect(
            table.passages.map { Array($0.text.unicodeScalars) } == [
                ["\u{301}", "a", "\u{85}", "b", "\u{2028}", "c", "\u{c}", "d"]
            ])
    }
}
