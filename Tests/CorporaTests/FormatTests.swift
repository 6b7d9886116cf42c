import Corpora
import TestSupport
import Testing

@Suite struct FormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func beirFolderAndFile() throws {
        let line = #"{"_id": "a1", "title": "T", "text": "some text", "metadata": {"k": [1, {}]}}"# + "\n"
        try folder.write("corpus.jsonl", line)
        try folder.write("queries.jsonl", "")
        let whole = try readAll(folder.path)
        #expect(whole.format == .beirFolder)
        #expect(
            whole.passages == [
                Passage(id: "a1", title: "T", text: "some text", fields: #"{"metadata":{"k":[1,{}]}}"#)
            ])
        #expect(try readAll(folder.path + "/corpus.jsonl").format == .beirLines)
        #expect("\(whole.format)" == "BEIR folder")
    }

    @Test func jsonLinesWithContentsAndNumbers() throws {
        let path = try folder.write(
            "x.bin", "{\"id\": 17, \"contents\": \"one\"}\n{\"id\":-2.5e3,\"contents\":\"two\"}")
        let read = try readAll(path)
        #expect(read.format == .jsonLines)
        #expect(read.passages == [Passage(id: "17", text: "one"), Passage(id: "-2.5e3", text: "two")])
    }

    @Test func msMarco() throws {
        let path = try folder.write("collection.jsonl", "0\tThe first.\n1\tThe \"second\".\n")
        let read = try readAll(path)
        #expect(read.format == .msMarco)
        #expect(read.passages.map(\.text) == ["The first.", "The \"second\"."])
    }

    @Test func dprQuotesAndColumnOrder() throws {
        let path = try folder.write(
            "psgs.tsv",
            "text\tid\ttitle\n\"a \"\"b\"\"\tc\"\t1\tOne\nplain \"q\"\t2\t\"Two\"\n"
                + "\"line one\nline two\"\t3\tThree\n\"x\"y\t4\tFour\n")
        let read = try readAll(path)
        #expect(read.format == .headedTable)
        #expect(
            read.passages == [
                Passage(id: "1", title: "One", text: "a \"b\"\tc"),
                Passage(id: "2", title: "Two", text: "plain \"q\""),
                Passage(id: "3", title: "Three", text: "line one\nline two"),
                Passage(id: "4", title: "Four", text: "xy"),
            ])
        #expect(read.report.badLineCount == 0)
    }

    @Test func folderOfShards() throws {
        try folder.write("b.jsonl", "{\"id\":\"2\",\"text\":\"two\"}\n")
        try folder.write("a.jsonl.gz", Compressors.gzip(Array("{\"id\":\"1\",\"text\":\"one\"}\n".utf8)))
        try folder.write("README.md", "# Readme\n")
        let read = try readAll(folder.path)
        #expect(read.format == .jsonFolder)
        #expect(read.passages.map(\.id) == ["1", "2"])
        #expect(read.report.passedOver[.description]?.names == ["README.md"])
        #expect(read.report.bytesRead == read.report.totalBytes)
    }

    @Test func markOrderCarriageReturnsAndBlankLines() throws {
        let text = "\u{feff}\r\n{\"id\":\"1\",\"text\":\"a\"}\r\n\r\n  \r\n{\"id\":\"2\",\"text\":\"b\"}\r\n"
        let read = try readAll(try folder.write("c", text))
        #expect(read.passages.map(\.text) == ["a", "b"])
        #expect(read.report.badLineCount == 0)
    }

    @Test func everyChunkSizeReadsTheSame() throws {
        let lines = (0..<40).map { "{\"id\":\"\($0)\",\"text\":\"\(String(repeating: "é", count: $0))x\"}" }
        let text = lines.joined(separator: "\r\n")
        let plain = try folder.write("plain", text)
        let gzip = try folder.write("gzip", Compressors.gzip(Array(text.utf8)))
        let expected = try readAll(plain).passages
        #expect(expected.count == 40)
        for size in [1, 2, 3, 7, 31, 32, 33, 63, 64, 65, 127, 1024] {
            #expect(try readAll(plain, chunkSize: size).passages == expected)
            #expect(try readAll(gzip, chunkSize: size).passages == expected)
        }
    }

    @Test func compressedMembersOneAfterTheOther() throws {
        let lines = (0..<5000).map { "\($0)\tpassage number \($0 &* 7919)\n" }
        let halves = [lines[..<2500].joined(), lines[2500...].joined()].map { Array($0.utf8) }
        for compress in [Compressors.gzip, Compressors.zstd] {
            let path = try folder.write("c", halves.flatMap(compress))
            let read = try readAll(path)
            #expect(read.passages.count == 5000)
            #expect(read.passages[4999].text == "passage number \(4999 * 7919)")
        }
        let padded = try folder.write("padded", Compressors.gzip(halves[0]) + [0, 0, 0, 0])
        #expect(try readAll(padded).passages.count == 2500)
    }

    @Test func damagedCompressedFilesAreNamed() throws {
        let text = Array((0..<3000).map { "\($0)\ttext \($0 &* 104729)\n" }.joined().utf8)
        for (name, bytes) in [("g.tsv.gz", Compressors.gzip(text)), ("z.tsv.zst", Compressors.zstd(text))] {
            for cut in [bytes.count - 1, bytes.count - 9, bytes.count / 2, 12] {
                let path = try folder.write(name, bytes[..<cut])
                let error = #expect(throws: CorpusError.self) { try readAll(path) }
                guard case .damaged(path, _)? = error else {
                    Issue.record("\(name) cut to \(cut): \(String(describing: error))")
                    continue
                }
            }
            var flipped = bytes
            flipped[bytes.count / 2] ^= 0x55
            let path = try folder.write("f" + name, flipped)
            #expect(throws: CorpusError.self) { try readAll(path, CorpusOptions(strict: true)) }
        }
    }

    @Test func whatIsNoCorpus() throws {
        #expect(throws: CorpusError.notFound(path: folder.path + "/none")) {
            try readAll(folder.path + "/none")
        }
        #expect(throws: CorpusError.self) { try readAll(folder.path) }
        let empty = try folder.write("empty.jsonl", "")
        #expect(throws: CorpusError.empty(path: empty, badLines: 0, first: nil)) { try readAll(empty) }
        let three = try folder.write("three.tsv", "1\tTitle\tText\n2\tTitle\tText\n")
        let error = #expect(throws: CorpusError.self) { try readAll(three) }
        #expect("\(error!)".contains("3 columns and no header"))
        let binary = try folder.write("noise.txt", [0x7f, 0x45, 0, 1, 2, 0x0a])
        #expect(throws: CorpusError.self) { try readAll(binary) }
    }
}
