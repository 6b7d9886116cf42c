import Corpora
import Foundation

extension FuzzTarget {
    /// Files and archives of published collections.
    static let recipes: [FuzzTarget] = [
        recipe("beir", "zip", .bytes, "set.zip", [ZipSample.of(beir.map { ($0.0, $0.1, 8) })]),
        recipe("beir", "tar", .bytes, "set.tar", [TarSample.of(beir)]),
        recipe("beir", "tar-gzip", .bytes, "set.tar.gz", [Compressed.gzip(TarSample.of(beir)) ?? []]),
        recipe(
            "kilt", "pages", .text, "kilt_knowledgesource.json",
            [
                lines([
                    #"{"wikipedia_id": "7", "wikipedia_title": "B", "text": ["B", "one two\u00e9", "Section::::X", "BULLET::::y"]}"#
                ])
            ], words: ["Section::::", "BULLET::::", "\"text\": [", "]}", "\\u00e9"]),
        recipe(
            "kilt", "questions", .text, "nq-dev-kilt.jsonl",
            [
                lines([
                    #"{"id": "q", "input": "i", "output": [{"provenance": [{"wikipedia_id": "7", "start_paragraph_id": 1, "#
                        + #""start_character": 2, "end_paragraph_id": 1, "end_character": 9}]}]}"#
                ])
            ], words: ["\"output\": [", "\"provenance\": [{", "-1", "9223372036854775807"],
            beside: [
                "kilt_knowledgesource.json":
                    #"{"wikipedia_id": "7", "wikipedia_title": "B", "text": ["B", "one two three"]}"#
            ]),
        recipe(
            "nq320k", "google", .text, "train.jsonl",
            [
                lines([
                    #"{"example_id": 1, "question_text": "q", "document_text": "<H1> T </H1> <P> w </P>"}"#,
                    #"{"example_id": 2, "question_text": "q", "document_title": "T", "document_tokens": [{"token": "x"}]}"#,
                ])
            ], words: ["<H1>", "</H1>", "\"document_tokens\": ["]),
        recipe(
            "nq320k", "dsi", .text, "valid.json",
            [lines([#"{"text_id": "0", "text": "document: d"}"#, #"{"text_id": "0", "text": "question: q"}"#])],
            words: ["document:", "question:"]),
        recipe(
            "litsearch", "questions", .text, "query.jsonl", [lines([#"{"query": "q", "corpusids": [1, "2"]}"#])],
            words: ["\"corpusids\": ["], beside: ["corpus.jsonl": #"{"corpusid": 1, "title": "t", "abstract": "a"}"#]),
        recipe(
            "t2ranking", "judgements", .text, "qrels.retrieval.dev.tsv", [lines(["qid\tpid", "1\t2"])],
            beside: ["collection.tsv": "pid\ttext\n2\tx\n", "queries.dev.tsv": "qid\ttext\n1\ty\n"]),
        recipe(
            "manuals", "page", .text, "boil.1.html",
            [
                lines([
                    "<title>B</title><h1 class=\"Sh\">NAME</h1><p>b - c</p><dl><dt>-q</dt><dd>d &#x2018; e</dd></dl>"
                ])
            ],
            words: ["<!--", "-->", "<script>", "<div class=\"toc\">", "</div>", "Bd-indent", "<td>"],
            beside: ["other.html": "<p>\(String(repeating: "word ", count: 20))</p>"]),
        recipe(
            "manuals", "questions", .text, "questions.tsv", [lines(["id\tq\tp\th\tw", "q1\twhat\tpage\tH\tword"])],
            beside: ["page.html": "<h1>H</h1><p>\(String(repeating: "word ", count: 20))</p>"]),
    ]

    private static let beir: [(String, [UInt8])] = [
        ("set/corpus.jsonl", CorpusSamples.json[0]), ("set/queries.jsonl", lines([#"{"_id": "q", "text": "river"}"#])),
        ("set/qrels/test.tsv", lines(["query-id\tcorpus-id\tscore", "q\tp1\t1"])),
    ]

    private static func lines(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    /// A recipe over one spoilt file, and others as they should be.
    private static func recipe(
        _ name: String, _ part: String, _ shape: Shape, _ file: String, _ seeds: [[UInt8]], words: [String] = [],
        beside others: [String: String] = [:]
    ) -> FuzzTarget {
        FuzzTarget("recipe-\(name)-\(part)", shape, words: words) { _ in
            seeds
        } reader: { world in
            let (place, made) = (world.path("recipe-\(name)-\(part)"), world.path("made-\(name)-\(part)"))
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for (name, text) in others { world.write(Array(text.utf8), to: Array("\(place)/\(name)".utf8)) }
            return { input in
                world.write(input, to: Array("\(place)/\(file)".utf8))
                for (limit, questions) in [(nil, nil), (5, 2)] as [(Int?, Int?)] {
                    let request = CorpusRequest(
                        folder: URL(filePath: made), files: [place], limit: limit, questions: questions)
                    blackHole(try CorpusRecipes.named(name)?.make(request).notes.count)
                }
            }
        }
    }
}

/// Tar archives.
private enum TarSample {
    static func of(_ members: [(name: String, text: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, text) in members {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at place: Int) {
                header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
            }
            put(name, at: 0)
            let size = String(text.count, radix: 8)
            put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
            put("0", at: 156)
            put("ustar", at: 257)
            bytes += header + text
            bytes += [UInt8](repeating: 0, count: (512 - text.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1_024)
    }
}
