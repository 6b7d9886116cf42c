import Corpora
import TestSupport
import Testing

@Suite struct BadLineTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func everyKindIsCountedAndNamed() throws {
        let lines = [
            #"{"id":"1","text":"good"}"#, #"{"id":"2","text":"open}"#, #"{"id":"3"}"#,
            #"{"text":"no id"}"#, #"{"id":"5","text":"  "}"#, #"{"id":"6","text":[{}]}"#,
            #"{"id":"7","text":"\ud800"}"#, #"{"id":"8","text":"a"} x"#, #"{"id":"","text":"a"}"#,
            #"{"id":"9","text":"a","text":"b"}"#, #"{"id":"10","title":{},"text":"b"}"#,
        ]
        let invalid: [UInt8] = Array("{\"id\":\"11\",\"text\":\"".utf8) + [0xff] + Array("\"}\n".utf8)
        let path = try folder.write("c", Array((lines.joined(separator: "\n") + "\n").utf8) + invalid)
        let read = try readAll(path)
        #expect(read.passages.map(\.id) == ["1"])
        #expect(read.report.badLineCount == 11)
        #expect(read.report.badLines.map(\.place.line) == Array(2...12))
        let reasons = read.report.badLines.map(\.reason)
        let expected = [
            "not closed", "missing text", "missing id", "empty text", "an array", "surrogate",
            "after the object", "missing id", "stands twice", "the title is an object", "invalid UTF-8",
        ]
        for (reason, part) in zip(reasons, expected) { #expect(reason.contains(part), "\(reason)") }
        #expect("\(read.report.badLines[0])".hasPrefix("\(path):2: broken JSON at column"))
    }

    @Test func columnsOfTables() throws {
        let pairs = try folder.write("m", "1\tone\ntwo\n3\ta\tb\n\tfour\n5\tfive\n6\tsix\n7\t7\n")
        #expect(try readAll(pairs).report.badLines.map(\.place.line) == [2, 3, 4])
        let table = try folder.write("d", "id\ttext\ttitle\n1\ta\n2\tb\tB\n")
        let read = try readAll(table)
        #expect(read.report.badLines.map(\.reason) == ["2 columns, expected 3"])
    }

    @Test func strictStopsAtTheFirst() throws {
        let path = try folder.write("c", "{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\"}\n{\"id\":\"3\"}\n")
        let error = #expect(throws: CorpusError.self) { try readAll(path, CorpusOptions(strict: true)) }
        let place = SourceLine(file: path, line: 2)
        #expect(error == .badLine(BadLine(place: place, reason: "missing text")))
    }

    @Test func onlyTheFirstTwentyAreKept() throws {
        let good = "{\"id\":\"1\",\"text\":\"a\"}\n"
        let read = try readAll(try folder.write("c", good + String(repeating: "{\"id\":\n", count: 50)))
        #expect(read.report.badLineCount == 50)
        #expect(read.report.badLines.count == CorpusReport.keptBadLines)
    }

    @Test func titleOnlyPassagesWhenAllowed() throws {
        let path = try folder.write(
            "c", "{\"_id\":\"1\",\"title\":\"A\",\"text\":\"\"}\n{\"_id\":\"2\",\"text\":\"b\"}\n")
        #expect(try readAll(path).passages.map(\.id) == ["2"])
        let allowed = try readAll(path, CorpusOptions(allowTitleOnly: true))
        #expect(allowed.passages.map(\.id) == ["1", "2"])
    }

    @Test func duplicatesAreBadLinesThatNameBothPlaces() throws {
        let lines = (1...9000).map { "{\"id\":\"\($0)\",\"text\":\"a\"}\n" }.joined()
        let path = try folder.write(
            "c", lines + "\n{\"id\":\"8123\",\"text\":\"again\"}\n{\"id\":\"x\",\"text\":\"b\"}\n")
        let read = try readAll(path)
        #expect(read.passages.count == 9001)
        #expect(
            read.report.badLines.map(\.description) == [
                "\(path):9002: the identifier \"8123\" is already used at \(path):8123"
            ])
        let strict = CorpusOptions(strict: true)
        let error = #expect(throws: CorpusError.self) { try readAll(path, strict) }
        #expect(
            error
                == .duplicate(
                    id: "8123", first: SourceLine(file: path, line: 8123),
                    second: SourceLine(file: path, line: 9002)))
    }

    @Test(.timeLimit(.minutes(5))) func aCorpusThatStandsTwiceIsReadInLinearTime() throws {
        let lines = (1...100_000).map { "{\"id\":\"\($0)\",\"text\":\"a\"}\n" }.joined()
        let read = try readAll(try folder.write("c", lines + lines))
        #expect(read.passages.count == 100_000)
        #expect(read.report.badLineCount == 100_000)
    }

    @Test func duplicatesAcrossFilesAndInTables() throws {
        let one = try folder.write("s/a.jsonl", "{\"id\":\"x\",\"text\":\"1\"}\n")
        let two = try folder.write("s/b.jsonl", "{\"id\":\"y\",\"text\":\"1\"}\n{\"id\":\"x\",\"text\":\"1\"}\n")
        #expect(try readAll(folder.path + "/s").passages.map(\.id) == ["x", "y"])
        #expect(
            throws: CorpusError.duplicate(
                id: "x", first: SourceLine(file: one, line: 1), second: SourceLine(file: two, line: 2))
        ) { try readAll(folder.path + "/s", CorpusOptions(strict: true)) }
        let table = try folder.write("t", "id\ttext\n1\t\"a\nb\"\n2\tc\n2\td\n")
        let read = try readAll(table)
        #expect(read.passages.map(\.text) == ["a\nb", "c"])
        #expect(read.report.badLines.map(\.place.line) == [5])
        // Composed and decomposed are two names.
        let forms = try folder.write("f", "{\"id\":\"\u{e9}\",\"text\":\"a\"}\n{\"id\":\"e\u{301}\",\"text\":\"b\"}\n")
        #expect(try readAll(forms).passages.count == 2)
    }

    @Test func aLineThatIsTooLongIsOneBadLine() throws {
        func good(_ id: String) -> String { "{\"id\":\"\(id)\",\"text\":\"fine\"}\n" }
        var bytes = Array(good("1").utf8)
        bytes += Array("{\"id\":\"b\",\"text\":\"".utf8)
        bytes += [UInt8](repeating: 0x61, count: 65 << 20)
        bytes += Array("\"}\n".utf8)
        bytes += Array(good("2").utf8)
        let read = try readAll(try folder.write("c", bytes))
        #expect(read.passages.map(\.id) == ["1", "2"])
        #expect(read.report.badLines.map(\.place.line) == [2])
        #expect(read.report.badLines[0].reason == "the line is longer than 64 MiB")
    }

    @Test func nothingGoodIsAnError() throws {
        let path = try folder.write("c", "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
        let error = #expect(throws: CorpusError.self) { try readAll(path) }
        #expect("\(error!)" == "\(path): no passages found, 2 bad lines; the first is \(path):1: missing text")
    }
}
