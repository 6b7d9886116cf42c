import Corpora
import TestSupport
import Testing

@Suite struct QueryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func namesAndTabs() throws {
        let json = try folder.write(
            "q",
            "{\"_id\":\"1\",\"text\":\"a\"}\n{\"qid\":2,\"question\":\"b\"}\n{\"query_id\":\"3\",\"query\":\"c\"}\n")
        let expected = [Query(id: "1", text: "a"), Query(id: "2", text: "b"), Query(id: "3", text: "c")]
        #expect(try Queries.read(path: json) == expected)
        let tsv = try folder.write("t.zst", Compressors.zstd(Array("1\ta\r\n\r\n2\tb\r\n3\tc".utf8)))
        #expect(try Queries.read(path: tsv) == expected)
    }

    @Test func roundTripInAFolder() throws {
        let queries = (0..<50).map { Query(id: "q\($0)", text: "tab\t \"quote\" é \($0)") }
        try Queries.write(queries, to: folder.path + "/queries.jsonl")
        #expect(try Queries.read(path: folder.path) == queries)
    }

    @Test(arguments: [
        "{\"text\":\"a\"}\n", "{\"_id\":\"1\"}\n", "\ta\n", "{\"_id\":\"1\",\"text\":[]}\n",
        "{\"_id\":null,\"text\":\"a\"}\n",
        "{\"_id\":\"1\",\"query\":{\"x\":1}}\n", "[{\"text\":\"a\"}]", "[{\"id\":\"1\",\"text\":\"a\"}",
        "[{\"id\":\"1\",\"text\":\"a\"}] x", "[[\"1\", \"a\"]]",
        "{\"id\":\"1\",", "<top><title>a</top>", "<topics><topic>a</topic></topics>",
    ])
    func bad(_ content: String) throws {
        let path = try folder.write("q", "\n" + content)
        let error = #expect(throws: CorpusError.self) { try Queries.read(path: path) }
        #expect("\(error!)".hasPrefix("\(path):2: "))
    }

    @Test func duplicatesAndNothing() throws {
        let path = try folder.write("q", "1\ta\n2\tb\n1\tc\n")
        #expect(
            throws: CorpusError.duplicate(
                id: "1", first: SourceLine(file: path, line: 1), second: SourceLine(file: path, line: 3))
        ) { try Queries.read(path: path) }
        #expect(throws: CorpusError.self) { try Queries.read(path: try folder.write("e", "\n")) }
    }
}
