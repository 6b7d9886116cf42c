import BuiltTool
import Foundation
import Testing

@Suite struct QueriesCommandTests {
    private func index() throws -> String {
        let place = Tool.fresh("queries.genret")
        try FileManager.default.copyItem(atPath: try Tool.index.get(), toPath: place)
        return place
    }

    @Test("make, show, inspect") func life() throws {
        let place = try index()
        let made = try Tool.run(
            "queries", "make", place, "--query-generator", "sentences,spans,terms,title", "--passages", "30", "-q")
        made.expectSuccess()
        let lines = made.output.split(separator: "\n")
        #expect(
            lines.count == 4 && lines[0].hasPrefix("sentences: ") && lines[2].hasPrefix("terms: ")
                && lines[3].contains("queries of 30 passages"))
        #expect(made.errors.isEmpty)
        let shown = try Tool.run("queries", "show", place, "--maker", "title", "--format", "tsv", "--limit", "5")
        shown.expectSuccess()
        let rows = shown.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(rows.count == 5 && rows.allSatisfy { $0.count == 4 && $0[1] == "title" && Int($0[2]) ?? 0 >= 1 })
        let passage = String(rows[0][0])
        let json = try Tool.run("queries", "show", place, "--passage", passage)
        json.expectSuccess()
        for line in json.output.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["passage"] as? String == passage && object?["text"] is String && object?["maker"] is String)
        }
        let inspected = try Tool.run("inspect", place, "--verify")
        inspected.expectSuccess()
        #expect(
            inspected.output.contains("queries        title, ")
                && inspected.output.contains("queries/title/queries.gnr"))
        // What was asked before is answered as before.
        try Tool.run("query", place, "bread").expectSuccess()
    }

    @Test("the user's own queries, kept whether they find their passage or not") func labelled() throws {
        let place = try index()
        let queries = try Tool.write(
            "queries.tsv", "1\thow much salt belongs in bread dough\n2\tzzz yyy\n3\tunjudged\n")
        let qrels = try Tool.write("qrels.tsv", "1\t0\tbread-salt\t1\n2\t0\tbread-salt\t2\n1\t0\tbread-oven-steam\t0\n")
        let made = try Tool.run("queries", "make", place, "--maker", "labelled", "--labelled", queries, qrels)
        made.expectSuccess()
        #expect(made.output.contains("labelled: 2 queries of"))
        let shown = try Tool.run("queries", "show", place, "--format", "tsv")
        #expect(shown.output.contains("bread-salt\tlabelled\t1\thow much salt belongs in bread dough"))
        #expect(shown.output.contains("bread-salt\tlabelled\t0\tzzz yyy"))
        try Tool.run("queries", "make", place, "--maker", "labelled", "--labelled", queries, Tool.fresh("absent"))
            .expectSentence(1, containing: "absent")
    }

    @Test("bad options, and indexes without queries") func refusals() throws {
        let place = try index()
        for bad in [
            ["--maker", "other"], ["--maker", ""], ["--maker", "title", "--keep", "-1"], ["--maker", "model"],
            ["--maker", "labelled"], ["--maker", "title", "--labelled", "a", "b"],
            ["--maker", "title", "--per-passage", "0"],
            ["--maker", "title", "--passages", "0"], ["--maker", "title", "--filter", "other"],
        ] {
            try Tool.run(["queries", "make", place] + bad).expectUsage()
        }
        try Tool.run("queries", "show", place).expectSentence(1, containing: "it holds no queries")
        try Tool.run("queries", "make", place, "--maker", "generator").expectSentence(
            1, containing: "the index has no generator")
        try Tool.run("queries", "make", place, "--maker", "title", "--filter", "dense").expectSentence(
            1, containing: "dense cannot run")
        try Tool.run("queries", "make", Tool.fresh("absent"), "--maker", "title").expectSentence(3)
        try Tool.run("queries", "make", place, "--maker", "title", "--passages", "9").expectSuccess()
        try Tool.run("queries", "show", place, "--maker", "spans").expectSentence(1, containing: "but of title")
        try Tool.run("queries", "show", place, "--passage", "nobody").expectSentence(1, containing: "nobody")
    }
}
