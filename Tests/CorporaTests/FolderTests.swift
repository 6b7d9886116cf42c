import Corpora
import Foundation
import TestSupport
import Testing

/// What is read of a folder and what is passed over; never a file without a word.
@Suite struct FolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/" + name, withDestinationPath: target)
    }

    @Test func everyFileIsAccountedFor() throws {
        for name in ["a.md", "b.txt", "c.py", "d.html", "e.png", "f.png", "Makefile"] {
            try folder.write("n/" + name, "words of \(name)")
        }
        try folder.write("n/node_modules/x/readme.md", "theirs")
        try folder.write("n/.git/x.txt", "hidden")
        try folder.write("n/void.txt", "  \n")
        let read = try readAll(folder.path + "/n")
        #expect(read.passages.map(\.id) == ["a.md#1", "b.txt#1"])
        #expect("\(read.report.readFiles)" == "1 .md, 1 .txt")
        #expect(
            "\(read.report.passedOver)"
                == "2 .png, 1 .html, 1 .py, 1 without an ending, 1 hidden, "
                + "1 of other people's code or of caches (node_modules), 1 empty (void.txt)")
    }

    @Test func patternsAddAndLeaveOut() throws {
        for name in ["a.md", "src/b.py", "src/deep/c.py", "drafts/d.md", ".e.txt"] {
            try folder.write(name, "words of \(name)")
        }
        func ids(_ include: [String], _ exclude: [String] = []) throws -> [String] {
            try readAll(folder.path, CorpusOptions(include: include, exclude: exclude)).passages.map(\.id)
        }
        #expect(try ids(["*.py"]) == ["a.md#1", "drafts/d.md#1", "src/b.py#1", "src/deep/c.py#1"])
        #expect(try ids(["src/*.py"], ["drafts"]) == ["a.md#1", "src/b.py#1"])
        #expect(try ids(["src/**/*.py"], ["d*/**"]) == ["a.md#1", "src/b.py#1", "src/deep/c.py#1"])
        #expect(try ids([".*.txt"], ["*.md"]) == [".e.txt#1"])
        #expect(throws: CorpusError.self) { try ids([], ["*.md"]) }
    }

    @Test func mixedFoldersAreReadWhole() throws {
        try folder.write("data.jsonl", #"{"id":"a","text":"json"}"#)
        try folder.write("notes.txt", "text")
        try folder.write("t.tsv", "id\ttext\n1\ttable\n")
        try folder.write("package.json", "{\n \"name\": \"x\"\n}\n")
        try folder.write("README.md", "# about")
        try folder.write("queries.jsonl", #"{"_id":"q","text":"question"}"#)
        try folder.write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\ta\t1\n")
        let read = try readAll(folder.path)
        #expect(read.format == .mixedFolder)
        #expect(read.passages.map(\.text) == ["json", "text", "table"])
        #expect(read.report.passedOver[.withoutPassages]?.names == ["package.json"])
        #expect(read.report.passedOver[.description]?.names == ["README.md"])
        #expect(read.report.passedOver[.questions]?.names == ["qrels/test.tsv", "queries.jsonl"])
    }

    @Test func aTableIsNotLostToAReadme() throws {
        try folder.write("README.md", "# about")
        try folder.write("psgs.tsv", "id\ttext\ttitle\n1\ta\tA\n")
        let read = try readAll(folder.path)
        #expect(read.format == .tableFolder)
        #expect(read.passages == [Passage(id: "1", title: "A", text: "a")])
    }

    @Test(.timeLimit(.minutes(5))) func linksAreDoorsThatStayShut() throws {
        try folder.write("out/secret.txt", "secret")
        try folder.write("out/more/m.txt", "more")
        try folder.write("in/a.txt", "inside")
        try link("in/twice.txt", to: "a.txt")
        try link("in/loop", to: ".")
        try link("in/file.txt", to: "../out/secret.txt")
        try link("in/folder", to: "../out/more")
        try link("in/broken.txt", to: "nothing")
        let shut = try readAll(folder.path + "/in")
        #expect(shut.passages.map(\.id) == ["a.txt#1"])
        #expect(shut.report.passedOver[.linkInside]?.count == 2)
        #expect(shut.report.passedOver[.linkBroken]?.names == ["broken.txt"])
        #expect(shut.report.passedOver[.linkOutside]?.count == 2)
        #expect(shut.report.passedOver[.linkOutside]?.names.first?.hasPrefix("file.txt -> /") == true)
        try link("out/more/back", to: "..")
        let open = try readAll(folder.path + "/in", CorpusOptions(followLinks: true))
        #expect(open.passages.map(\.text) == ["inside", "secret", "more"])
        // The folder itself may be given by a link.
        try link("door", to: "in")
        #expect(try readAll(folder.path + "/door").passages.map(\.id) == ["a.txt#1"])
    }

    @Test func namesThatAreNoText() throws {
        try folder.write("a.txt", "one")
        let name = Array(folder.path.utf8) + Array("/caf".utf8) + [0xe9] + Array(".txt".utf8)
        let created = (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { path in
            path.baseAddress.flatMap { fopen($0, "w") }
        }
        let file = try #require(created)
        fputs("two", file)
        fclose(file)
        let read = try readAll(folder.path)
        #expect(read.passages.map(\.id) == ["a.txt#1", "caf%E9.txt#1"])
        #expect(read.passages[1].title == #"caf\xE9"#)
    }

    @Test(.timeLimit(.minutes(5))) func pipesInAFolderAreNotOpened() throws {
        try folder.write("a.txt", "one")
        #expect(mkfifo(folder.path + "/b.txt", 0o600) == 0)
        let read = try readAll(folder.path)
        #expect(read.passages.count == 1)
        #expect(read.report.passedOver[.special]?.names == ["b.txt"])
    }

    @Test func otherEncodingsAreOneSentenceEach() throws {
        try folder.write("a.txt", "fine")
        try folder.write("b.txt", [0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0])
        try folder.write(
            "c.md", Array("caf".utf8) + [0xe9, 0x0a] + Array("plain\nna".utf8) + [0xef] + Array("ve\n".utf8))
        let read = try readAll(folder.path)
        #expect(read.passages.map(\.text) == ["fine", "plain"])
        #expect(
            read.report.badLines.map(\.reason) == [
                "the file is UTF-16, expected UTF-8; it is left out",
                "invalid UTF-8, perhaps Latin-1 or Windows-1252: 2 lines of the file are left out",
            ])
        #expect(read.report.badLineCount == 3)
    }
}
