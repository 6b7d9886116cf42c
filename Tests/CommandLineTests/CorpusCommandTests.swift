import BuiltTool
import Foundation
import Testing

/// `genret corpus make` of published collections.
@Suite struct CorpusCommandTests {
    private func files() throws -> String {
        let folder = Tool.fresh("msmarco")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in [
            ("collection.tsv", "1\tA boat floats.\n2\tTea is hot.\n"), ("queries.dev.tsv", "7\twhat floats\n"),
            ("qrels.dev.tsv", "7\t0\t1\t1\n"),
        ] { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        return folder
    }

    @Test("Says what it made, where it comes from, on what terms, and what differs; the index finds the answer")
    func make() throws {
        let (files, made, index) = (try files(), Tool.fresh("made"), Tool.fresh("made.genret"))
        let outcome = try Tool.run("corpus", "make", "msmarco", files, "-o", made)
        outcome.expectSuccess()
        #expect(outcome.output == "\(made): 2 passages, 1 questions, 1 judgements\n")
        for line in [
            "genret: the files come from https://microsoft.github.io/msmarco/Datasets",
            "genret: licence and terms: for non-commercial research only",
            "genret: warning: not as published: passages: 2 here, 8841823 as published",
        ] { #expect(outcome.errors.contains(line), "\(outcome.errors)") }
        try Tool.run("index", made, "-o", index, "--no-encoder", "-q").requireSuccess()
        let run = Tool.fresh("run")
        try Tool.run("search", index, "--topics", made, "--retrievers", "bm25", "-o", run, "-q").requireSuccess()
        let measures = try Tool.run("eval", "--qrels", made, "--run", run, "-m", "MRR@10")
        #expect(measures.code == 0 && measures.output.contains("1.0000"), "\(measures.output)")
    }

    @Test("--strict makes nothing of files that are not the published ones") func strict() throws {
        let (files, made) = (try files(), Tool.fresh("made"))
        try Tool.run("corpus", "make", "msmarco", files, "-o", made, "--strict").expectSentence(
            1, containing: "not what was published: MD5 of \(files)/qrels.dev.tsv: ",
            "9157ccaeaa8227f91722ba5770787b16 as published")
        #expect(!FileManager.default.fileExists(atPath: made))
        try Tool.run("corpus", "make", "names", files + "/collection.tsv", "--split", "dev").expectUsage(
            containing: "names is no published collection")
        try Tool.run("corpus", "make", "msmarco", files, "-o", made, "--split", "test").expectSentence(
            1, containing: "no split \"test\" among these files, expected one of: dev")
    }
}
