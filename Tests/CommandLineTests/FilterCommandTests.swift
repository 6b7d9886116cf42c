import BuiltTool
import Foundation
import Testing

/// Fields in answers, in filters, in counts and in deletions.
@Suite struct FilterCommandTests {
    private static let corpus = """
        {"_id":"a","title":"Sun","text":"solar power in the desert","year":2019,"lang":"de","draft":false,"tags":["energy","sun"]}
        {"_id":"b","text":"solar power on the roof","year":2021,"lang":"fr","draft":true,"tags":["energy"],"by":{"name":"Ann"}}
        {"_id":"c","text":"solar power by night","year":2022,"lang":"en","at":"2022-05-01T10:00:00+02:00"}
        {"_id":"d","text":"solar power again","lang":"de"}

        """

    private func index() throws -> String {
        let place = Tool.fresh("index")
        try Tool.run("index", Tool.write("corpus.jsonl", Self.corpus), "-o", place, "--no-encoder", "-q")
            .expectSuccess()
        return place
    }

    private func ids(_ index: String, _ filter: String) throws -> Set<String> {
        let outcome = try Tool.run("query", index, "solar power", "--where", filter, "--json")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        return Set(try #require(answer["candidates"] as? [[String: Any]]).compactMap { $0["docid"] as? String })
    }

    @Test("Every retriever keeps to the filter") func filters() throws {
        let index = try index()
        #expect(try ids(index, "year >= 2020 and lang in (fr, en) and not draft") == ["c"])
        #expect(try ids(index, "lang = de") == ["a", "d"])
        #expect(try ids(index, "by.name = 'Ann' or tags = sun") == ["a", "b"])
        #expect(try ids(index, "at >= 2022-05-01 and at < 2022-05-02") == ["c"])
        #expect(try ids(index, "year is null") == ["d"])
        let nothing = try Tool.run("query", index, "solar", "--where", "year = 1900")
        #expect(nothing.code == 1 && nothing.output.contains("nothing found") && nothing.errors.isEmpty)
        for retriever in ["ngram", "bm25"] {
            let run = try Tool.run(
                "search", index, "--topics", Tool.write("q.jsonl", "{\"_id\":\"q\",\"text\":\"solar power\"}\n"), "-o",
                "-",
                "-q", "--retrievers", retriever, "--where", "tags = energy")
            run.expectSuccess()
            #expect(Set(run.output.split(separator: "\n").map { $0.split(separator: " ")[2] }) == ["a", "b"])
        }
    }

    @Test("Answers have the fields, and values are counted") func answers() throws {
        let index = try index()
        let outcome = try Tool.run("query", index, "solar power", "--json", "--facet", "lang", "--facet", "year")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let candidates = try #require(answer["candidates"] as? [[String: Any]])
        let b = try #require(candidates.first { $0["docid"] as? String == "b" }?["fields"] as? [String: Any])
        #expect(b["year"] as? Int == 2021 && b["draft"] as? Bool == true && b["tags"] as? [String] == ["energy"])
        #expect((b["by"] as? [String: String]) == ["name": "Ann"])
        let facets = try #require(answer["facets"] as? [[String: Any]])
        let values = try #require(facets[0]["values"] as? [[String: Any]])
        #expect(values.map { $0["value"] as? String } == ["de", "en", "fr"])
        #expect(values.map { $0["count"] as? Int } == [2, 1, 1] && facets[0]["passages"] as? Int == 4)
        let text = try Tool.run("query", index, "solar power", "--facet", "lang").output
        #expect(text.contains("lang, of 4 passages: de 2, en 1, fr 1\n") && text.contains("tags: energy  year: 2021"))
    }

    @Test("delete takes a filter, and what is added has its own fields") func changes() throws {
        let index = try index()
        let would = try Tool.run("delete", index, "--where", "lang = de", "--dry-run", "-q")
        #expect(would.output == "\(index): would be 2 deleted\n")
        try Tool.run("delete", index, "--where", "lang = de", "-q").expectSuccess()
        let more = try Tool.write(
            "more.jsonl", "{\"_id\":\"e\",\"text\":\"solar power\",\"lang\":\"de\",\"stars\":4.5}\n")
        try Tool.run("add", index, more, "-q").expectSuccess()
        #expect(try ids(index, "lang = de") == ["e"] && ids(index, "stars > 4") == ["e"])
        #expect(try ids(index, "year > 2000") == ["b", "c"])
        try Tool.run("compact", index, "--all", "-q").expectSuccess()
        #expect(try ids(index, "stars > 4 or year = 2021") == ["b", "e"])
    }

    @Test("What is no filter, or asks of no field, is said so") func mistakes() throws {
        let index = try index()
        try Tool.run("query", index, "solar", "--where", "yaer > 3")
            .expectSentence(1, containing: "no passage has a field \"yaer\"", "at, by.name, draft, lang, tags, year")
        try Tool.run("query", index, "solar", "--facet", "yaer").expectSentence(1, containing: "\"yaer\"")
        let broken = try Tool.run("query", index, "solar", "--where", "year >")
        #expect(broken.code == 64 && broken.errors.contains("at column 7: expected a value, found the end"))
        let both = try Tool.run("delete", index, "a", "--where", "year > 3")
        #expect(both.code == 64 && both.errors.contains("by ids or by --where"))
    }
}
