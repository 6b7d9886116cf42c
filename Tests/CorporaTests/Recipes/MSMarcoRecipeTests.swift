import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct MSMarcoRecipeTests {
    /// Thirty passages, a development set of which one question is not judged, and a training set.
    private func run() throws -> RecipeRun {
        let run = try RecipeRun("msmarco")
        let passages = (0..<30).map { "\($0)\tpassage about thing \($0)\n" }
        try run.folder.write("ms/collection.tsv", passages.joined())
        try run.folder.write(
            "ms/queries.dev.small.tsv", "10\twhat is thing seven\n11\tthing eight?\n12\tnobody judged\n10\tagain\n")
        try run.folder.write("ms/qrels.dev.small.tsv", "10\t0\t7\t1\n11\t0\t8\t1\n11\t0\t9\t1\n")
        try run.folder.write("ms/queries.train.tsv", "20\ttraining\n")
        try run.folder.write("ms/qrels.train.tsv", "20\t0\t7\t1\n20\t0\t7\t1\n20\t0\t99\t1\n")
        return run
    }

    @Test("A development set is evaluated, and the other questions stand beside it") func splits() throws {
        let run = try run()
        let report = try run.make(["ms"])
        #expect(report.passages == 30 && report.questions == 2 && report.judgements == 3)
        #expect(try run.passages().map(\.id) == (0..<30).map { "\($0)" })
        #expect(try run.questions() == ["10 what is thing seven", "11 thing eight?"])
        #expect(try run.judgements() == ["10 7 1", "11 8 1", "11 9 1"])
        #expect(try run.questions("queries-train.jsonl") == ["20 training"])
        #expect(try run.judgements("train") == ["20 7 1", "20 99 1"])
        for note in [
            "without a judgement, which are left out: 1",
            "dev.small with the id of an earlier one, which are left out: 1",
            "stand again, of which the last counts: 1",
            "not in the corpus: 1, first 99",
        ] {
            #expect(report.notes.contains { $0.contains(note) }, "\(note)")
        }
        try run.make(["ms"], split: "train")
        #expect(try run.questions() == ["20 training"] && run.questions("queries-dev.small.jsonl").count == 2)
        #expect(
            run.complaint(["ms"], split: "tests").contains("no split \"tests\" among these files, expected one of: "))
    }

    @Test(
        "Archives and packed files give the same bytes as the files",
        arguments: ["gz", "tar", "tar.gz", "both", "one by one"])
    func archives(kind: String) throws {
        let run = try run()
        try run.make(["ms"])
        let names = ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv", "queries-train.jsonl", "qrels/train.tsv"]
        let expected = try names.map(run.text)
        switch kind {
        case "gz":
            try run.shell("gzip ms/*")
            try run.make(["ms"])
        case "tar":
            try run.shell("tar -cf all.tar -C ms .")
            try run.make(["all.tar"])
        case "tar.gz":
            try run.shell("tar -czf all.tar.gz ms/collection.tsv && tar -czf rest.tgz ms/q*")
            try run.make(["all.tar.gz", "rest.tgz"])
        case "both":
            try run.shell("tar -czf ms/all.tar.gz -C ms collection.tsv qrels.train.tsv")
            let report = try run.make(["ms"])
            #expect(report.notes.contains { $0.hasPrefix("not used: ") && $0.contains("all.tar.gz/collection.tsv") })
        default:
            try run.make(
                ["collection", "queries.train", "qrels.train", "qrels.dev.small", "queries.dev.small"].map {
                    "ms/\($0).tsv"
                })
        }
        #expect(try names.map(run.text) == expected)
    }

    @Test("Counts and checksums are held against the published ones") func figures() throws {
        let run = try run()
        let report = try run.make(["ms"])
        let passages = try #require(report.differences.first { $0.what == "passages" })
        #expect(passages.published == "8841823" && passages.found == "30")
        // md5sum gave the digest.
        try run.folder.write("ms/qrels.dev.small.tsv", "10\t0\t7\t1\n")
        let digest = try #require(
            try run.make(["ms"]).differences.first { $0.what.hasSuffix("ms/qrels.dev.small.tsv") })
        #expect(
            digest.found == "75859425b4b7ad8edbdc466cf780be19" && digest.published == "38a80559a561707ac2ec0f150ecd1e8a"
        )
        try FileManager.default.removeItem(atPath: run.folder.path("out"))
        #expect(
            run.complaint(["ms"], isStrict: true).hasPrefix(
                "not what was published: MD5 of ms/qrels.dev.small.tsv: 7585"))
        try run.shell("rm ms/qrels.*")
        #expect(run.complaint(["ms"], isStrict: true).contains("passages: 30 here, 8841823 as published"))
        #expect(!FileManager.default.fileExists(atPath: run.folder.path("out/corpus.jsonl")))
    }

    @Test("A limit keeps what is judged") func limits() throws {
        let run = try run()
        for limit in [4, 11, 30, 99] {
            let report = try run.make(["ms"], limit: limit)
            let ids = Set(try run.passages().map(\.id))
            #expect(report.passages == min(limit, 30) && ids.isSuperset(of: ["7", "8", "9"]))
        }
        #expect(run.complaint(["ms"], limit: 2).contains("no room for the 3 passages that are judged"))
        try run.shell("rm ms/*train*")
        try run.make(["ms"], limit: 2, questions: 1)
        #expect(try run.questions().count == 1 && run.passages().count == 2)
    }

    @Test("What is wrong is said with its place") func faults() throws {
        let run = try run()
        try run.folder.write("ms/queries.train.tsv", "20\ttraining\n21\n")
        #expect(run.complaint(["ms"]) == "ms/queries.train.tsv:2: 1 column, expected 2 (qid<TAB>question)")
        try run.folder.write("ms/queries.train.tsv", "20\ttraining\n")
        try run.folder.write("ms/qrels.train.tsv", "20\t0\t7\tgood\n20 0 7 very\n")
        #expect(run.complaint(["ms"]).hasPrefix("ms/qrels.train.tsv:1: the grade \"good\""))
        try run.folder.write("ms/collection.tsv", "1\tone\n\ttwo\n")
        try run.shell("rm ms/*train*")
        #expect(run.complaint(["ms"]) == "ms/collection.tsv:2: missing id, expected pid<TAB>passage")
        try run.folder.write("ms/collection.tsv", "1\tone\n2\ttwo\tand more\n")
        #expect(run.complaint(["ms"]) == "ms/collection.tsv:2: 3 columns, expected 2 (pid<TAB>passage)")
        try run.shell("rm ms/queries.*")
        #expect(run.complaint(["ms"]).contains("there are no questions of it, expected collection.tsv"))
        try run.shell("rm ms/collection.tsv")
        #expect(run.complaint(["ms"]).contains("msmarco needs a file of passages, expected collection.tsv"))
        #expect(run.complaint(["absent"]) == "absent: no such file or folder")
    }
}
