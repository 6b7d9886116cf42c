import BuiltTool
import Foundation
import Testing

/// Files of queries as people have them, and what becomes of odd ones.
@Suite struct TopicsCommandTests {
    private func search(_ topics: String, _ more: String...) throws -> (Tool.Outcome, String) {
        let place = Tool.fresh("run")
        let outcome = try Tool.run(
            [
                "search", try Tool.index.get(), "--topics", topics, "-o", place, "-q", "--hits", "2", "--retrievers",
                "bm25",
            ] + more)
        return (outcome, (try? String(contentsOfFile: place, encoding: .utf8)) ?? "")
    }

    private func ids(_ run: String) -> [String] {
        run.split(separator: "\n").map { String($0.split(separator: " ")[0]) }
    }

    @Test("An empty query does not end the run") func empty() throws {
        let topics = try Tool.write("t.tsv", "1\tbread\n2\t\n3\tflour\n4\t???\n")
        let (outcome, run) = try search(topics)
        outcome.expectSuccess()
        #expect(Set(ids(run)) == ["1", "3"])
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("first 2"), "\(outcome.errors)")
        let (_, json) = try search(topics, "--output-format", "json")
        #expect(json.split(separator: "\n").count == 4 && json.contains("{\"id\": \"2\", \"hits\": []}"))
    }

    @Test("An id that a run cannot hold is said, and the others are kept") func spaces() throws {
        let topics = try Tool.write("t.tsv", "Green sea turtle\tbread\n2\tflour\n#3\tbread\n")
        let (outcome, run) = try search(topics)
        outcome.expectSentence(1, containing: "2 of 3 queries", "Green sea turtle", "json")
        #expect(Set(ids(run)) == ["2"])
        let (kept, json) = try search(topics, "--output-format", "json")
        kept.expectSuccess()
        #expect(json.split(separator: "\n").count == 3)
    }

    @Test("A passage's id that a run cannot hold") func passages() throws {
        let corpus = try Tool.write(
            "corpus.jsonl",
            "{\"_id\": \"a b\", \"text\": \"bread and flour\"}\n{\"_id\": \"c\", \"text\": \"bread and water\"}\n")
        let index = Tool.fresh("index")
        try Tool.run("index", corpus, "-o", index, "--no-encoder", "-q").expectSuccess()
        let place = Tool.fresh("run")
        let outcome = try Tool.run(
            "search", index, "--topics", try Tool.write("t.tsv", "1\tbread\n"), "-o", place, "-q", "--retrievers",
            "bm25")
        outcome.expectSentence(1, containing: "a b", "json")
        #expect(try String(contentsOfFile: place, encoding: .utf8).hasPrefix("1 Q0 c 1 "))
    }

    @Test("Topics from streams, and queries line by line") func streams() throws {
        let index = try Tool.index.get()
        let search = "\"$G\" search '\(index)' -q --hits 1 --retrievers bm25 -o -"
        let outcome = try Tool.shell(
            """
            mkfifo fifo; (printf '<top>\\n<num> Number: 7\\n<title> bread\\n</top>\\n' > fifo &)
            printf '[{"id": 5, "text": "bread"}]' | \(search) --topics - &&
            printf '6\\tbread\\n' | \(search) --topics /dev/stdin && \(search) --topics fifo &&
            \(search) --topics <(echo 'how is bread made')
            """)
        outcome.expectSuccess()
        #expect(ids(outcome.output) == ["5", "6", "7", "1"])
        let lines = try Tool.shell(
            "printf 'bread\\r\\n\\nflour and water' | \"$G\" query '\(index)' - --json --hits 1 --retrievers bm25")
        lines.expectSuccess()
        let objects = try lines.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(objects.compactMap { ($0?["query"] as? [String: String])?["text"] } == ["bread", "flour and water"])
    }

    @Test("The order of a run is that of the retriever, whoever sorts it") func order() throws {
        let (outcome, run) = try search(Tool.sample, "--hits", "100")
        outcome.expectSuccess()
        var previous: (query: String, score: Float, id: String)?
        for line in run.split(separator: "\n") {
            let columns = line.split(separator: " ").map(String.init)
            let score = Float(columns[4])!
            if let previous, previous.query == columns[0] {
                #expect(score < previous.score || (score == previous.score && columns[2] < previous.id))
            }
            previous = (columns[0], score, columns[2])
        }
    }
}
