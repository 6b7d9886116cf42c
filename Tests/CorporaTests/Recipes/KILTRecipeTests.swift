import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct KILTRecipeTests {
    private static let long = (1...130).map { "w\($0)" }.joined(separator: " ")

    private func run(_ name: String) throws -> RecipeRun {
        let run = try RecipeRun(name)
        try run.folder.write(
            "kilt/kilt_knowledgesource.json",
            """
            {"_id": "7", "wikipedia_id": "7", "wikipedia_title": "Boats", "text": ["Boats\\n", "A boat floats.\\n", "\(Self.long)\\n", \
            "Section::::Uses.\\n", "BULLET::::- Fishing\\n", "Trade by sea.\\n"], "anchors": [{"text": "x", "paragraph_id": 1}]}
            {"_id": "8", "wikipedia_id": 8, "wikipedia_title": "Céilí", "text": ["Céilí\\n", "Ein Tanz.\\n"], "history": {}}

            """)
        try run.folder.write(
            "kilt/nq-dev-kilt.jsonl",
            """
            {"id": "a", "input": "do boats float?", "output": [{"answer": "yes", "provenance": [{"wikipedia_id": "7", \
            "start_paragraph_id": 1, "start_character": 2, "end_paragraph_id": 1, "end_character": 13}]}, {"answer": "y"}]}
            {"id": "b", "input": "the hundred-and-twentieth?", "output": [{"provenance": [{"wikipedia_id": "7", \
            "start_paragraph_id": 2, "start_character": \(Self.offset(of: "w120")), "end_paragraph_id": 2, "end_character": \
            \(Self.offset(of: "w121"))}]}]}
            {"id": "c", "input": "uses", "output": [{"provenance": [{"wikipedia_id": "7", "start_paragraph_id": 4, \
            "end_paragraph_id": 5}, {"wikipedia_id": "9"}]}]}

            """)
        try run.folder.write(
            "kilt/wned-dev-kilt.jsonl",
            "{\"id\": \"d\", \"input\": \"[START_ENT] it [END_ENT]\", \"output\": [{\"provenance\": [{\"wikipedia_id\": \"8\"}]}]}\n"
        )
        try run.folder.write("kilt/nq-test_without_answers-kilt.jsonl", "{\"id\": \"e\", \"input\": \"unknown\"}\n")
        return run
    }

    private static func offset(of word: String) -> Int {
        long.range(of: word).map { long.distance(from: long.startIndex, to: $0.lowerBound) } ?? -1
    }

    @Test("A hundred words a passage, and where answers stand") func words() throws {
        let run = try run("kilt")
        let report = try run.make(["kilt"])
        let passages = try run.passages()
        #expect(passages.map(\.id) == ["7#1", "7#2", "7#3", "8#1"] && report.passages == 4)
        #expect(passages[0].text.hasPrefix("A boat floats. w1 w2 ") && passages[0].text.hasSuffix(" w97"))
        #expect(passages[1].text.hasPrefix("w98 ") && passages[1].text.hasSuffix(" w130"))
        #expect(passages[2].text == "- Fishing Trade by sea." && passages[2].title == "Boats")
        #expect(passages[2].fields == "{\"page\":\"7\",\"paragraphs\":[4,5]}" && passages[3].title == "Céilí")
        #expect(try run.judgements().sorted() == ["a 7#1 1", "b 7#2 1", "c 7#3 1"])
        #expect(try run.questions() == ["a do boats float?", "b the hundred-and-twentieth?", "c uses"])
        #expect(try run.judgements("wned-dev") == ["d 8#1 1"])
        #expect(try run.questions("queries-nq-test_without_answers.jsonl") == ["e unknown"])
        #expect(report.notes.contains("pages that nq-dev names and kilt_knowledgesource.json does not have: 1"))
        #expect(report.differences.contains { $0.what == "pages" && $0.published == "5903530" && $0.found == "2" })
        #expect(
            report.differences.contains {
                $0.what == "questions of nq-dev" && $0.published == "2837" && $0.found == "3"
            })
    }

    @Test("A passage for each paragraph") func paragraphs() throws {
        let run = try run("kilt-paragraphs")
        try run.make(["kilt"])
        #expect(
            try run.passages().map(\.text) == ["A boat floats.", Self.long, "- Fishing", "Trade by sea.", "Ein Tanz."])
        #expect(try run.judgements().sorted() == ["a 7#1 1", "b 7#2 1", "c 7#3 1", "c 7#4 1"])
    }

    @Test("A limit and fewer questions give a part of the same") func limits() throws {
        let run = try run("kilt")
        try run.make(["kilt"])
        let (passages, judgements) = (Set(try run.passages()), Set(try run.judgements()))
        let report = try run.make(["kilt"], limit: 3, questions: 1)
        #expect(report.passages == 3 && report.questions == 1 && report.judgements == 1)
        #expect(try passages.isSuperset(of: run.passages()) && judgements.isSuperset(of: run.judgements()))
    }

    @Test("What is wrong is said with its place") func faults() throws {
        let run = try run("kilt")
        let tasks = "kilt/nq-dev-kilt.jsonl"
        for (line, sentence) in [
            ("{\"input\": \"x\"}", "missing \"id\""), ("{\"id\": \"x\"}", "missing \"input\""),
            ("{\"id\": \"x\", \"input\": \"y\", \"output\": 3}", "\"output\" is no list, expected one"),
            ("{\"id\": \"x\", \"input\": \"y\", \"output\": [{\"provenance\": [{}]}]}", "missing \"wikipedia_id\""),
        ] {
            try run.folder.write(tasks, line + "\n")
            #expect(run.complaint(["kilt"]) == "\(tasks):1: \(sentence)")
        }
        try run.folder.write(tasks, "{\"id\": \"x\", \"input\": \"y\"}\n")
        let source = "kilt/kilt_knowledgesource.json"
        for (line, sentence) in [
            (
                "{\"wikipedia_id\": \"1\", \"wikipedia_title\": \"t\"}",
                "missing \"text\", expected a list of paragraphs"
            ),
            (
                "{\"wikipedia_id\": \"1\", \"wikipedia_title\": \"t\", \"text\": [{}]}",
                "\"text\" has an element that is no text"
            ),
        ] {
            try run.folder.write(source, line + "\n")
            #expect(run.complaint(["kilt"]) == "\(source):1: \(sentence)")
        }
        try run.shell("rm \(source)")
        #expect(run.complaint(["kilt"]).contains("needs a file of pages, expected kilt_knowledgesource.json"))
    }
}
