import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct T2RankingRecipeTests {
    private func run() throws -> RecipeRun {
        let run = try RecipeRun("t2ranking")
        try run.folder.write("data/collection.tsv", "pid\ttext\n0\t船在水上。\n1\t茶\n2\t\n3\t\"引号\n")
        try run.folder.write("data/queries.dev.tsv", "qid\ttext\n5\t什么浮在水上\n6\t热的叶子\n")
        try run.folder.write("data/qrels.retrieval.dev.tsv", "qid\tpid\n5\t0\n6\t1\n")
        try run.folder.write("data/qrels.dev.tsv", "qid\t-\tpid\trel\n5\t0\t0\t3\n5\t0\t1\t0\n6\t0\t1\t2\n")
        return run
    }

    @Test("Relevant passages to retrieve, and grades beside them") func grades() throws {
        let run = try run()
        let report = try run.make(["data"])
        #expect(try run.passages().map(\.id) == ["0", "1", "3"] && run.passages()[2].text == "\"引号")
        #expect(try run.questions() == ["5 什么浮在水上", "6 热的叶子"] && run.judgements() == ["5 0 1", "6 1 1"])
        #expect(try run.judgements("dev.graded") == ["5 0 3", "5 1 0", "6 1 2"])
        #expect(
            report.differences.contains {
                $0.what == "judgements of dev.graded" && $0.published == "400536" && $0.found == "3"
            })
        #expect(report.differences.contains { $0.what == "passages" && $0.published == "2303643" && $0.found == "4" })
        try run.make(["data"], split: "dev.graded")
        #expect(try run.judgements() == ["5 0 3", "5 1 0", "6 1 2"])
    }

    @Test("What is wrong is said with its place") func faults() throws {
        let run = try run()
        try run.folder.write("data/qrels.retrieval.dev.tsv", "qid\tpid\n5 0\n")
        #expect(run.complaint(["data"]) == "data/qrels.retrieval.dev.tsv:2: 1 column, expected 2 (qid<TAB>pid)")
        try run.folder.write("data/qrels.retrieval.train.tsv", "qid\tpid\n5\t0\n")
        #expect(run.complaint(["data"]).contains("has judgements of train and there are no questions of it"))
    }
}

@Suite struct LitSearchRecipeTests {
    @Test("Abstracts, and questions with several answers") func exported() throws {
        let run = try RecipeRun("litsearch")
        try run.folder.write(
            "corpus.jsonl",
            """
            {"corpusid": 11, "title": "On boats", "abstract": "We float.", "citations": [12], "full_paper": "…"}
            {"corpusid": 12, "title": "On tea", "abstract": null, "citations": [], "full_paper": null}

            """)
        try run.folder.write(
            "query.jsonl",
            """
            {"query_set": "inline", "query": "papers that float", "specificity": 0, "quality": 2, "corpusids": [11, 12]}
            {"query_set": "manual", "query": "papers on tea", "specificity": 1, "quality": 1, "corpusids": [12]}

            """)
        let report = try run.make(["corpus.jsonl", "query.jsonl"])
        #expect(
            try run.passages() == [
                Passage(id: "11", title: "On boats", text: "We float."), Passage(id: "12", title: "On tea", text: ""),
            ])
        #expect(try run.questions() == ["q1 papers that float", "q2 papers on tea"])
        #expect(try run.judgements() == ["q1 11 1", "q1 12 1", "q2 12 1"])
        #expect(report.differences.map(\.published) == ["64183", "597"])
    }

    @Test("What cannot be read is said") func faults() throws {
        let run = try RecipeRun("litsearch")
        try run.folder.write("corpus.parquet", "PAR1\u{15}\u{4}PAR1")
        #expect(
            run.complaint(["corpus.parquet"]).hasPrefix(
                "corpus.parquet: parquet is not read here, expected a file of JSON lines"))
        try run.folder.write("corpus.jsonl", "{\"corpusid\": 1, \"title\": \"t\"}\n{\"title\": \"t\"}\n")
        #expect(run.complaint(["corpus.jsonl"]) == "corpus.jsonl:2: missing \"corpusid\"")
        try run.folder.write("query.jsonl", "{\"query\": \"x\", \"corpusids\": [null]}\n")
        #expect(
            run.complaint(["corpus.jsonl", "query.jsonl"])
                == "query.jsonl:1: \"corpusids\" has an element that is no text")
    }
}
