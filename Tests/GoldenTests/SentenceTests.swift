import BuiltTool
import Foundation
import Testing

/// What a mistake is answered with, and the exit code.
@Suite struct SentenceTests {
    private let place: GoldenPlace

    init() throws { place = try GoldenPlace() }

    private func expect(_ name: String, _ commands: [[String]], models: String? = nil) throws {
        let texts = try commands.map { try place.transcript($0, models: models) }
        try Golden.expect(texts.joined(separator: "\n"), is: "sentences/" + name)
    }

    @Test("Indexes that are none, damaged, or of the future") func indexes() throws {
        try place.damaged("cut.genret", "segment-0001/passages.gnr") { $0 = $0.prefix(1000) }
        try place.damaged("altered.genret", "segment-0001/terms.gnr") { $0[9000] ^= 1 }
        try place.damaged("later.genret", "manifest.json") {
            $0 = Data(String(decoding: $0, as: UTF8.self).replacing("\"format\" : 2", with: "\"format\" : 9").utf8)
        }
        try place.damaged("odd.genret", "manifest.json") { $0 = Data("{}".utf8) }
        try expect(
            "indexes",
            [
                ["query", "absent", "bread"], ["query", "folder", "bread"], ["inspect", "odd.genret"],
                ["inspect", "later.genret"], ["query", "cut.genret", "bread"],
                ["inspect", "altered.genret", "--verify"],
                ["query", "sample.genret", "sample.genret", "bread"],
            ])
    }

    @Test("Passages that come and go") func changes() throws {
        try expect(
            "changes",
            [
                ["add", "absent", "corpus.jsonl"], ["add", "sample.genret", "absent.jsonl"],
                ["delete", "sample.genret"], ["delete", "sample.genret", "nope", "neither"],
                ["delete", "sample.genret", "--ids", "absent.txt"],
                ["delete", "sample.genret", "nope", "--lenient", "--dry-run"],
                ["compact", "sample.genret", "--all", "--dry-run"], ["compact", "absent"],
            ])
    }

    @Test("Options of a search") func options() throws {
        let query = ["query", "sample.genret", "bread"]
        try expect(
            "options",
            [
                ["query", "sample.genret"], query + ["--nonsense"], query + ["--hits", "0"],
                query + ["--hits", "many"],
                query + ["--retrievers", "telepathy"], query + ["--fusion", "magic"], query + ["--set", "ngram.beams"],
                query + ["--set", "ngrams.beams=3"], query + ["--set", "ngram.beam=3"],
                query + ["--set", "ngram.beams=many"],
                query + ["--set", "bm25.b=3"], query + ["--weights", "ngram=-1"], query + ["--weights", "telepathy=1"],
                query + ["--rerank-weights", "likelihood"],
            ])
    }

    @Test("Searches that cannot be, or find nothing") func searches() throws {
        try place.write("queries.jsonl", "{\"_id\": \"q1\"}\n")
        try expect(
            "searches",
            [
                ["query", "sample.genret", "..."], ["query", "sample.genret", "zzzzqqqq"],
                ["query", "sample.genret", "bread", "--retrievers", "dense"],
                ["query", "old.genret", "bread", "--generator", "trained"],
                ["search", "sample.genret", "--queries", "absent.jsonl", "-o", "run"],
                ["search", "sample.genret", "--queries", "queries.jsonl", "-o", "run"],
            ])
    }

    @Test("Parts, estimates and queries") func parts() throws {
        try expect(
            "parts",
            [
                ["part", "set", "sample.genret", "generators", "folder"],
                ["part", "set", "sample.genret", "generator", "absent"],
                ["part", "set", "sample.genret", "generator", "folder"], ["part", "remove", "sample.genret", "docids"],
                ["part", "estimate", "sample.genret", "moon"], ["part", "estimate", "sample.genret", "rerank", "-q"],
                ["part", "estimate", "sample.genret", "look-ahead", "-q"],
                ["part", "estimate", "sample.genret", "fusion", "--count", "0"],
                ["queries", "show", "sample.genret"], ["queries", "make", "sample.genret", "--maker", "generator"],
                ["queries", "make", "sample.genret", "--maker", "other"], ["model", "inspect", "absent"],
            ])
    }

    @Test("Corpora and where their indexes go") func corpora() throws {
        try place.write("empty.jsonl", "")
        try place.write("cut.jsonl", "{\"_id\": \"b\", \"text\": \"cut\n")
        try place.write("bread.jsonl", "{\"_id\": \"a\", \"text\": \"Bread needs flour.\"}\n")
        func index(_ corpus: String, _ more: String...) -> [String] { ["index", corpus, "--no-encoder", "-q"] + more }
        try expect(
            "corpora",
            [
                index("absent.jsonl"), index("empty.jsonl"), index("folder"), index("cut.jsonl", "--strict"),
                index("bread.jsonl", "-o", "sample.genret"), index("bread.jsonl", "-o", "folder"),
                index("bread.jsonl", "--max-memory", "3"), index("bread.jsonl", "--encoder", "x"),
                ["index", "bread.jsonl", "--encoder", "absent", "-q"], ["corpus", "make", "moon"], ["conjure"],
                ["corpus", "make", "beir"], ["corpus", "make", "synthetic", "--strict"],
                ["corpus", "make", "msmarco", "absent"],
                ["corpus", "make", "msmarco", "bread.jsonl"], ["corpus", "make", "nq320k", "bread.jsonl"],
                ["corpus", "make", "litsearch", "bread.jsonl"], ["corpus", "make", "kilt", "bread.jsonl"],
            ])
    }

    @Test("Judgements and runs") func evaluation() throws {
        try place.write("bad.tsv", "query-id\tcorpus-id\tscore\nq001\tx\tgood\n")
        try place.write("empty.tsv", "")
        try place.write("other.run", "q1 Q0 a 1 1 t\n")
        try place.write("no.run", "this is no run\n")
        func eval(_ qrels: String, _ run: String, _ more: String...) -> [String] {
            ["eval", "--qrels", qrels, "--run", run] + more
        }
        let run = GoldenPlace.format2 + "/default.run"
        try expect(
            "evaluation",
            [
                eval("bad.tsv", run), eval("empty.tsv", run), eval("absent", run), eval(Tool.sample, "absent"),
                eval(Tool.sample, "other.run"), eval(Tool.sample, "no.run"), eval(Tool.sample, run, "-m", "charm"),
                ["eval", "--run", run],
            ])
    }
}
