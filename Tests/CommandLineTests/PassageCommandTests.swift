import BuiltTool
import Foundation
import Testing

/// Passages as they come out of an index again.
@Suite struct PassageCommandTests {
    private static let corpus = """
        {"_id":"a","title":"Sun","text":"solar power in the desert","year":2019,"tags":["energy","sun"]}
        {"_id":"b/2","text":"solar power \\"on\\" the roof\\nand\\tbeside it","by":{"name":"Ann"}}
        {"_id":"c","text":"Wärme aus 太陽"}

        """

    private func index(of corpus: String) throws -> String {
        let place = Tool.fresh("index")
        try Tool.run("index", Tool.write("corpus.jsonl", corpus), "-o", place, "--no-encoder", "-q").expectSuccess()
        return place
    }

    private func json(_ line: Substring) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }

    @Test("What dump writes is the corpus, and an index of it dumps the same bytes") func dump() throws {
        let index = try index(of: Self.corpus)
        let dumped = try Tool.run("dump", index)
        dumped.expectSuccess()
        #expect(try dumped.output.split(separator: "\n").map(json) == Self.corpus.split(separator: "\n").map(json))
        #expect(try Tool.run("dump", self.index(of: dumped.output)).output == dumped.output)
        #expect(try Tool.run("dump", index, "--ids").output == "a\nb/2\nc\n")
    }

    @Test("Fields come out as they were written, also numbers that no Double holds") func numbers() throws {
        let corpus = "{\"_id\":\"a\",\"text\":\"one\",\"n\":[1.0,1e400,12345678901234567890123]}\n"
        #expect(try Tool.run("dump", index(of: corpus)).output == corpus)
    }

    @Test("get prints passages in the order of their ids, and names one that is not there") func get() throws {
        let index = try index(of: Self.corpus)
        let both = try Tool.run("get", index, "c", "a")
        both.expectSuccess()
        #expect(both.output == "Wärme aus 太陽\nSun\nsolar power in the desert\n")
        let lines = try Tool.run("get", index, "b/2", "no", "a", "--json")
        lines.expectSentence(1, containing: "\"no\"")
        let corpus = try Self.corpus.split(separator: "\n").map(json)
        #expect(try lines.output.split(separator: "\n").map(json) == [corpus[1], corpus[0]])
    }

    @Test("What is deleted is neither dumped nor printed") func deleted() throws {
        let index = try index(of: Self.corpus)
        try Tool.run("delete", index, "a", "-q").expectSuccess()
        #expect(try Tool.run("dump", index, "--ids").output == "b/2\nc\n")
        try Tool.run("get", index, "a").expectSentence(1, containing: "\"a\"")
    }

    @Test("Without an index there is a sentence") func absent() throws {
        for command in [["dump", "/nowhere.genret"], ["get", "/nowhere.genret", "a"]] {
            try Tool.run(command).expectSentence(3, containing: "/nowhere.genret")
        }
    }
}
