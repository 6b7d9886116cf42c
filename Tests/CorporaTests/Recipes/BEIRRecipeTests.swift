import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct BEIRRecipeTests {
    private func write(_ run: RecipeRun, _ name: String, splits: [String: String]) throws {
        try run.folder.write(
            "\(name)/corpus.jsonl",
            """
            {"_id": "d1", "title": "", "text": "rent a boat", "metadata": {"year": 2001}}
            {"_id": "d2", "title": "a title", "text": ""}
            {"_id": "d3", "title": "", "text": ""}
            {"_id": "d1", "title": "", "text": "again"}
            {"_id": "d4", "title": "four", "text": "buy a boat"}

            """)
        try run.folder.write(
            "\(name)/queries.jsonl",
            """
            {"_id": "d1", "text": "rent?", "metadata": {}}
            {"_id": "q2", "text": "buy?"}
            {"_id": "q3", "text": "sell?"}

            """)
        for (split, rows) in splits {
            try run.folder.write("\(name)/qrels/\(split).tsv", "query-id\tcorpus-id\tscore\n" + rows)
        }
    }

    @Test("Splits, grades, titles without text, ids that repeat, passages that are not there") func quirks() throws {
        let run = try RecipeRun("beir")
        try write(
            run, "set",
            splits: ["test": "d1\td1\t-2\nd1\td9\t2\n", "train": "q2\td4\t1\nq2\td2\t0\n", "dev": "q3\td4\t1\n"])
        let report = try run.make(["set"])
        #expect(report.passages == 3 && report.questions == 1 && report.judgements == 2 && report.differences.isEmpty)
        #expect(
            try run.passages() == [
                Passage(id: "d1", text: "rent a boat", fields: "{\"metadata\":{\"year\":2001}}"),
                Passage(id: "d2", title: "a title", text: ""), Passage(id: "d4", title: "four", text: "buy a boat"),
            ])
        #expect(try run.questions() == ["d1 rent?"] && run.judgements() == ["d1 d1 -2", "d1 d9 2"])
        #expect(
            try run.questions("queries-train.jsonl") == ["q2 buy?"]
                && run.judgements("train") == ["q2 d4 1", "q2 d2 0"])
        #expect(try run.questions("queries-dev.jsonl") == ["q3 sell?"] && run.judgements("dev") == ["q3 d4 1"])
        for note in [
            "a title and no text: 1;", "neither title nor text, which are left out: 1",
            "id of an earlier one, which are left out: 1, first d1",
            "not in the corpus: 1, first d9",
        ] { #expect(report.notes.contains { $0.contains(note) }, "\(note)") }
        #expect(!report.notes.contains { $0.contains("without a judgement") })
        // Another split is evaluated, and the test set is not lost.
        try run.make(["set"], split: "dev")
        #expect(try run.judgements() == ["q3 d4 1"] && run.judgements("published-test") == ["d1 d1 -2", "d1 d9 2"])
        #expect(try run.questions("queries-published-test.jsonl") == ["d1 rent?"])
    }

    @Test("Counts are those of the data set that the folder is named after") func figures() throws {
        let run = try RecipeRun("beir")
        try write(run, "quora", splits: ["test": "d1\td1\t1\n", "dev": "q2\td4\t1\n"])
        let report = try run.make(["quora"])
        #expect(report.notes.contains { $0.contains("awk '$1 != $3'") })
        #expect(report.differences.contains { $0.what == "passages" && $0.published == "522931" && $0.found == "5" })
        #expect(
            report.differences.contains {
                $0.what == "judged questions of dev" && $0.published == "5000" && $0.found == "1"
            })
        #expect(run.complaint(["quora"], isStrict: true).contains("passages: 5 here, 522931 as published"))
    }

    @Test("The forums of CQADupStack are corpora of their own") func forums() throws {
        let run = try RecipeRun("beir")
        for forum in ["tex", "gis"] { try write(run, "cqadupstack/\(forum)", splits: ["test": "q2\td4\t1\n"]) }
        let report = try run.make(["cqadupstack"])
        #expect(report.passages == 6 && report.questions == 2 && report.judgements == 2)
        #expect(try run.passages("out/cqadupstack/gis").count == 3 && run.passages("out/cqadupstack/tex").count == 3)
        #expect(report.differences.contains { $0.what == "cqadupstack/tex: passages" && $0.published == "68184" })
        #expect(report.notes.contains { $0.contains("means over its 12 corpora") })
    }

    @Test("What is wrong is said with its place") func faults() throws {
        let run = try RecipeRun("beir")
        try write(run, "set", splits: ["test": "q2\td4\n"])
        #expect(
            run.complaint(["set"]).hasPrefix("set/qrels/test.tsv:2: 2 columns, expected query-id, corpus-id and score"))
        try run.folder.write("set/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq2\td4\t1\n")
        try run.folder.write("set/queries.jsonl", "{\"_id\": \"q2\", \"text\": \"buy?\"}\n{\"text\": \"sell?\"}\n")
        #expect(run.complaint(["set"]) == "set/queries.jsonl:2: missing \"_id\"")
        try run.folder.write("set/queries.jsonl", "{\"_id\": \"q2\", \"text\": [\"buy?\"]}\n")
        #expect(run.complaint(["set"]) == "set/queries.jsonl:1: \"text\" is an array, expected a text")
        try run.folder.write("set/corpus.jsonl", "{\"_id\": \"d4\", \"text\": \"t\"}\n{\"_id\": \"d5\", \"text\": \n")
        #expect(run.complaint(["set"]).hasPrefix("set/corpus.jsonl:2: broken JSON at column "))
        try run.shell("rm set/qrels/test.tsv")
        #expect(run.complaint(["set"]).contains("has no qrels/*.tsv beside it, expected corpus.jsonl, queries.jsonl"))
        try run.shell("rm set/corpus.jsonl")
        #expect(run.complaint(["set"]).contains("there is no corpus.jsonl among these files"))
    }
}
