import Corpora
import TestSupport
import Testing

@Suite struct JSONShapeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ options: CorpusOptions = CorpusOptions()) throws -> (
        passages: [Passage], report: CorpusReport, format: CorpusFormat
    ) {
        try readAll(try folder.write("c.json", text), options)
    }

    private let two = [Passage(id: "a", text: "one"), Passage(id: "b", text: "two")]

    @Test func arraysAndObjectsOverLines() throws {
        for text in [
            #"[{"id":"a","text":"one"},{"id":"b","text":"two"}]"#,
            "[\n {\"id\":\"a\",\n  \"text\":\"one\"},\n {\"id\":\"b\",\"m\":{\"x\":[{\n}]},\"text\":\"two\"}\n]\n",
            "[\n{\"id\":\"a\",\"text\":\"one\"},\n{\"id\":\"b\",\"text\":\"two\"}\n]\n",
            "{\n  \"id\": \"a\",\n  \"text\": \"one\"\n}\n{\n  \"id\": \"b\",\n  \"text\": \"two\"\n}\n",
            "{ \"id\": \"a\",\n  \"text\": \"one\"}{\"id\":\"b\",\"text\":\"two\"}",
        ] {
            let read = try read(text)
            #expect(read.format == .jsonDocuments)
            #expect(read.passages.map(\.id) == ["a", "b"] && read.passages.map(\.text) == ["one", "two"], "\(text)")
            #expect(read.passages.map(\.fields) == ["", text.contains("m") ? #"{"m":{"x":[{}]}}"# : ""], "\(text)")
            #expect(read.report.badLineCount == 0)
        }
        #expect(try read(#"{"id":"a","text":"one"}{"id":"b","text":"two"}"#).passages == two)
    }

    @Test func aBrokenObjectCostsNoOther() throws {
        let read = try read(
            "[\n  {\n    \"id\": \"x\",\n    \"text\": \"open\n  },\n  {\n    \"id\": \"y\",\n  {\n    \"id\": \"a\",\n    \"text\": \"one\"\n  },\n  {\"id\":\"b\",\"text\":\"two\"},\n  7\n]\n"
        )
        #expect(read.passages == two)
        #expect(read.report.badLineCount == 3)
        #expect(read.report.badLines.map(\.place.line) == [2, 6, 13])
    }

    @Test func namesOfOtherCollections() throws {
        let read = try read(
            """
            {"docid":"7#0","title":"T","text":"a"}
            {"id":1,"contents":"b"}
            {"_id":"290","wikipedia_title":"A","text":["A\\n","par one.\\n","two", 3]}
            {"_id":"n","text":1984,"title":7,"score":NaN,"x":[-Infinity]}
            {"_id":null,"id":"u","title":null,"text":"c"}
            """)
        #expect(
            read.passages == [
                Passage(id: "7#0", title: "T", text: "a"), Passage(id: "1", text: "b"),
                Passage(id: "290", title: "A", text: "A\npar one.\ntwo\n3"),
                Passage(id: "n", title: "7", text: "1984", fields: #"{"x":[null]}"#),
                Passage(id: "u", text: "c"),
            ])
    }

    @Test func oneClearSentenceEach() throws {
        let read = try read(
            """
            {"id":"ok","text":"t"}
            {'id':'a','text':'b'}
            {"id":"a","text":"b",}
            {"id":"a","text":"b"},
            // comment
            {"id":"a","text":["b",]}
            {"id":"a","text":"b","text":"c"}
            ["a"]
            {"id":"a","text":'b'}
            """)
        let parts = [
            "single quotes, expected double quotes", "a comma before '}'", "a comma after the object", "a comment",
            "a comma before ']'", "stands twice", "an array", "expected a value",
        ]
        #expect(read.report.badLines.count == parts.count)
        for (bad, part) in zip(read.report.badLines, parts.dropLast()) { #expect(bad.reason.contains(part), "\(bad)") }
    }

    @Test func titlesWithoutTextAreCountedApart() throws {
        let text =
            "{\"id\":\"a\",\"title\":\"T\",\"text\":\"\"}\n{\"id\":\"b\",\"title\":\"U\",\"text\":null}\n{\"id\":\"c\",\"title\":\"V\"}\n{\"id\":\"d\",\"text\":\"x\"}\n"
        let read = try read(text)
        #expect(read.report.titleOnlyCount == 3)
        #expect(read.report.badLines.allSatisfy { $0.reason == BadLine.titleOnly })
        #expect(try self.read(text, CorpusOptions(allowTitleOnly: true)).passages.count == 4)
    }

    @Test func wideEncodingsAreNamed() throws {
        let bytes = "{\"id\":\"a\",\"text\":\"b\"}\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        for (mark, name) in [([0xff, 0xfe], "UTF-16"), ([], "UTF-16")] as [([UInt8], String)] {
            let path = try folder.write("w.jsonl", mark + bytes)
            let error = #expect(throws: CorpusError.self) { try readAll(path) }
            #expect("\(error!)" == "\(path): the file is \(name), expected UTF-8")
        }
    }

    @Test(.timeLimit(.minutes(5))) func hostileShapesTakeLinearTime() throws {
        #expect(throws: CorpusError.self) { try read(String(repeating: "{}", count: 500_000)) }
        #expect(throws: CorpusError.self) {
            try read("{\"id\":\"a\",\"text\":" + String(repeating: "[", count: 500_000))
        }
        #expect(throws: CorpusError.self) { try read(String(repeating: "[{\n", count: 200_000)) }
    }
}
