import Corpora
import TestSupport
import Testing

@Suite struct TextFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func words(_ count: Int, _ stem: String = "w") -> String {
        (0..<count).map { "\(stem)\($0)" }.joined(separator: " ")
    }

    @Test func filesInOrderWithTitles() throws {
        try folder.write("b/notes.txt", "Plain text here.\n")
        try folder.write(
            "a.md", "Before.\n\n# Bread\n\nFlour and\nwater.\n\n## Oven ##\nHot.\n\n```\n# no heading\n```\n")
        try folder.write("c d.md", "Top\n===\nunder\n\nSub\n---\nmore\n")
        try folder.write("picture.png", [0x89, 0x50, 0])
        try folder.write(".hidden/x.txt", "hidden")
        let read = try readAll(folder.path)
        #expect(read.format == .textFolder)
        #expect(
            read.passages == [
                Passage(id: "a.md#1", title: "a", text: "Before."),
                Passage(id: "a.md#2", title: "Bread", text: "Flour and water."),
                Passage(id: "a.md#3", title: "Bread: Oven", text: "Hot.\n# no heading"),
                Passage(id: "b/notes.txt#1", title: "notes", text: "Plain text here."),
                Passage(id: "c%20d.md#1", title: "Top", text: "under"),
                Passage(id: "c%20d.md#2", title: "Top: Sub", text: "more"),
            ])
        #expect("\(read.report.readFiles)" == "2 .md, 1 .txt")
        #expect("\(read.report.passedOver)" == "1 .png, 1 hidden")
    }

    @Test func paragraphsStayWholeWhereTheyFit() throws {
        let path = try folder.write(
            "t.txt", [words(60, "a"), words(60, "b"), words(1, "c"), words(119, "d")].joined(separator: "\n\n"))
        let texts = try readAll(path).passages.map(\.text)
        #expect(texts == [words(60, "a") + "\n" + words(60, "b"), words(1, "c") + "\n" + words(119, "d")])
    }

    @Test func longParagraphsOverlap() throws {
        for count in [121, 220, 221, 500] {
            let path = try folder.write("t.txt", words(count))
            let pieces = try readAll(path).passages.map { $0.text.split(separator: " ").map(String.init) }
            #expect(pieces.allSatisfy { $0.count <= 120 })
            #expect(pieces.first?.first == "w0")
            #expect(pieces.last?.last == "w\(count - 1)")
            for (one, two) in zip(pieces, pieces.dropFirst()) {
                #expect(Array(one.suffix(20)) == Array(two.prefix(20)))
            }
            #expect(Set(pieces.joined()).count == count)
        }
    }

    @Test func sentencesEndPassages() throws {
        let text = words(95, "a") + ". " + words(60, "b")
        let path = try folder.write("t.txt", text)
        let options = CorpusOptions(overlapWords: 0)
        #expect(try readAll(path, options).passages.map(\.text) == [words(95, "a") + ".", words(60, "b")])
    }

    @Test func scriptsWithoutSpacesAreCut() throws {
        let path = try folder.write("t.txt", String(repeating: "潮の満ち引き", count: 100))
        let read = try readAll(path, CorpusOptions(passageWords: 50, overlapWords: 5))
        #expect(read.passages.count == 14)
        #expect(read.passages.allSatisfy { $0.text.count <= 50 })
    }

    @Test func smallestOptionsAndWrongOnes() throws {
        let path = try folder.write("t.txt", "a b c")
        let options = CorpusOptions(passageWords: 1, overlapWords: 0)
        #expect(try readAll(path, options).passages.map(\.text) == ["a", "b", "c"])
        for (length, overlap) in [(0, 0), (10, 10), (10, -1)] {
            #expect(throws: CorpusError.self) {
                try readAll(path, CorpusOptions(passageWords: length, overlapWords: overlap))
            }
        }
    }

    @Test func badContentIsNamed() throws {
        try folder.write("a.txt", [0x61, 0x0a, 0xff, 0x0a, 0x62])
        try folder.write("b.txt", [0x61, 0x0a, 0x00, 0x0a])
        try folder.write("c.txt.gz", Compressors.gzip(Array("zipped".utf8)))
        let read = try readAll(folder.path)
        #expect(read.passages.map(\.text) == ["a b", "a", "zipped"])
        #expect(
            read.report.badLines.map(\.reason) == [
                "invalid UTF-8, perhaps Latin-1 or Windows-1252: 1 line is left out",
                "not a text file, the rest of it is left out",
            ])
    }
}
