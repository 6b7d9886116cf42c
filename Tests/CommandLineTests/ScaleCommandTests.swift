import BuiltTool
import Foundation
import Testing

@Suite struct ScaleCommandTests {
    private static func command(_ output: String, _ more: String...) -> [String] {
        [
            "scale", Tool.sample, "--queries", Tool.sample + "/queries.jsonl", "--qrels",
            Tool.sample + "/qrels/test.tsv", "-o", output, "--sizes", "20,160,all", "--retrievers", "bm25,ngram",
            "--no-encoder", "--pseudo-queries", "20",
        ] + more
    }

    /// A small study that nobody ended.
    private static let whole = Result { () throws -> String in
        let place = Tool.fresh("study")
        let outcome = try Tool.run(command(place))
        try #require(outcome.code == 0, "\(outcome.errors)")
        return place
    }

    /// The cells of a study without what differs from run to run.
    private func cells(_ place: String) throws -> [String] {
        let text = try String(contentsOfFile: place + "/cells.jsonl", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            var cell = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            for name in ["latency", "machine", "estimate", "outcome"] { cell[name] = nil }
            var build = try #require(cell["build"] as? [String: Any])
            build["stages"] = (build["stages"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
            cell["build"] = build
            return String(
                decoding: try JSONSerialization.data(withJSONObject: cell, options: .sortedKeys), as: UTF8.self)
        }
    }

    @Test func writesCellsAndReport() throws {
        let place = try Self.whole.get()
        let found = try cells(place)
        #expect(found.count == 6)
        // A sample below the judged passages has all 143 of them.
        #expect(found.count { $0.contains("\"size\":143") } == 2)
        let page = try String(contentsOfFile: place + "/report.html", encoding: .utf8)
        #expect(page.contains("BM25") && page.contains("n-gram") && page.contains("Estimate and outcome"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/builds").isEmpty)
    }

    @Test func measuresAreThoseOfEval() throws {
        let place = try Self.whole.get()
        for name in try FileManager.default.contentsOfDirectory(atPath: place + "/cells") {
            let folder = "\(place)/cells/\(name)"
            let cell = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: folder + "/cell.json")))
                    as? [String: Any])
            let quality = try #require(cell["quality"] as? [String: [String: Any]])
            let mean = try #require(quality["ndcg_cut_10"]?["mean"] as? Double)
            let judged = try Tool.run(
                "eval", "--qrels", Tool.sample + "/qrels/test.tsv", "--run", folder + "/run.trec", "-m", "ndcg_cut_10",
                "-c")
            judged.expectSuccess()
            let value = try #require(judged.output.split(whereSeparator: \.isWhitespace).last.flatMap { Double($0) })
            #expect(abs(value - mean) < 0.0001)
        }
    }

    @Test("A killed study goes on to the same cells", arguments: [0, 1, 3, 5])
    func goesOn(done: Int) throws {
        let place = Tool.fresh("killed-study")
        let process = try Tool.process(Self.command(place, "-q"))
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let finished = {
            (try? FileManager.default.contentsOfDirectory(atPath: place + "/cells"))?.count { !$0.hasPrefix(".") } ?? 0
        }
        while process.isRunning, finished() < done { usleep(500) }
        usleep(done == 0 ? 60_000 : 20_000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "the study ended before it was killed")
        try Tool.run(Self.command(place, "-q")).expectSuccess()
        #expect(try cells(place) == cells(Self.whole.get()))
    }

    @Test func interruptsAreHeard() throws {
        let place = Tool.fresh("interrupted-study")
        let process = try Tool.process(Self.command(place, "-q"))
        try process.run()
        while process.isRunning, !FileManager.default.fileExists(atPath: place + "/study.json") { usleep(500) }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        try Tool.run(Self.command(place, "-q")).expectSuccess()
        #expect(try cells(place) == cells(Self.whole.get()))
    }

    @Test func drawsAgainAndCompares() throws {
        let place = try Self.whole.get()
        let drawn = try Tool.run("scale", "--report", place)
        drawn.expectSuccess()
        #expect(drawn.output.hasSuffix("\(place)/report.html\n"))
        let other = Tool.fresh("comparison")
        let compared = try Tool.run("scale", "--compare", place, place, "-o", other)
        compared.expectSuccess()
        let page = compared.output.trimmingCharacters(in: .newlines)
        #expect(page.hasPrefix(other) && FileManager.default.fileExists(atPath: page))
    }

    private static func preset(
        _ name: String, _ output: String, generator: String = "none", _ more: String...
    ) throws -> Tool.Outcome {
        try Tool.run(
            [
                "scale", Tool.sample, "-o", output, "--preset", name, "--encoder", "tiny_bert", "--generator",
                generator,
                "--pseudo-queries", "0", "--limit-queries", "20", "-q",
            ] + more, models: Tool.tinyModels)
    }

    /// The retrievers and docids of a study's cells.
    private func kinds(_ place: String) throws -> Set<String> {
        Set(
            try cells(place).map { line in
                let cell = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let options = try #require(cell["options"] as? [String: String])
                return ["retriever", "docids", "represent", "constrained"].compactMap { options[$0] }
                    .joined(separator: " ")
            })
    }

    @Test func thePaperIsRepeatedInSmall() throws {
        let place = Tool.fresh("paper-study")
        let outcome = try Self.preset(
            "scaling-paper", place, generator: "tiny_generator", "--sizes", "60,all", "--steps", "2", "--represent",
            "first,queries-40", "--docids", "naive,tree", "--decoder-layers", "1", "--beams", "5")
        outcome.expectSuccess()
        #expect(outcome.output.contains("findings of Pradeep et al. 2023"))
        #expect(
            try kinds(place) == [
                "bm25", "dense", "docid naive first yes", "docid naive first no", "docid naive queries-40 yes",
                "docid naive queries-40 no", "docid tree first", "docid tree queries-40",
            ])
        let page = try String(contentsOfFile: place + "/report.html", encoding: .utf8)
        #expect(page.contains("A paper and this study") && page.contains("Learnt docids by size"))
    }

    @Test func corporaGrow() throws {
        let place = Tool.fresh("growing-study")
        let outcome = try Self.preset(
            "dynamic-corpora", place, "--represent", "none,first", "--docids", "tree", "--steps", "2",
            "--decoder-layers", "1", "--retrievers", "bm25,docid")
        outcome.expectSuccess()
        #expect(try kinds(place) == ["bm25", "docid tree", "docid tree first"])
        #expect(try cells(place).count == 18)
        let page = try String(contentsOfFile: place + "/report.html", encoding: .utf8)
        #expect(page.contains("A corpus that grows (hit@10)") && page.contains("forgetting points"))
    }

    @Test func latenciesAreOfUntrainedRetrievers() throws {
        let place = Tool.fresh("latency-study")
        try Self.preset("latency", place, "--sizes", "all").expectSuccess()
        #expect(try kinds(place) == ["bm25", "dense", "docid tree", "merge", "ngram"])
    }

    @Test func dryRunsMeasureNoCells() throws {
        let place = Tool.fresh("dry-study")
        let outcome = try Tool.run(Self.command(place, "--dry-run", "-q"))
        outcome.expectSuccess()
        #expect(outcome.output.contains("160 passages, random, ngram: ") && outcome.output.contains("\nin all: "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/cells").isEmpty)
    }

    @Test func badInputGetsASentence() throws {
        let place = Tool.fresh("bad-study")
        let command = ["scale", Tool.sample, "-o", place, "--no-encoder", "-q"]
        try Tool.run(command + ["--sizes", "211"])
            .expectSentence(1, containing: "a sample of 211 passages is more than", "which is 210")
        try Tool.run(command + ["--retrievers", "dense"]).expectSentence(1, containing: "dense needs vectors")
        let tiny = ["scale", Tool.sample, "-o", place, "--encoder", "tiny_bert", "--retrievers", "docid", "-q"]
        try Tool.run(tiny + ["--docids", "pawa"], models: Tool.tinyModels)
            .expectSentence(1, containing: "pawa docids are written by a network", "such as first or labelled")
        try Tool.run(tiny + ["--represent", "labelled"], models: Tool.tinyModels)
            .expectSentence(1, containing: "there are no labelled queries to learn from")
        try Tool.run(tiny + ["--represent", "queries-2"], models: Tool.tinyModels)
            .expectSentence(1, containing: "there is no generator that writes questions")
        try Tool.run(command + ["--distractors", "pooled:1", "--sizes", "209"])
            .expectSentence(1, containing: "pooled:1 has ", "a deeper pool or a smaller size")
        try Tool.run("scale", Tool.sample + "/corpus.jsonl", "-o", place, "--no-encoder", "-q")
            .expectSentence(1, containing: "has no ", "give the file with --q")
        let empty = Tool.fresh("empty.tsv")
        try Data("query-id\tcorpus-id\tscore\nzz\tyy\t1\n".utf8).write(to: URL(filePath: empty))
        try Tool.run(command + ["--qrels", empty])
            .expectSentence(1, containing: "no query has a passage that is judged relevant")
        try Data("query-id\tcorpus-id\tscore\nq001\tyy\t1\n".utf8).write(to: URL(filePath: empty))
        try Tool.run(command + ["--qrels", empty]).expectSentence(1, containing: "none of the passages that are judged")
        try Tool.run("scale", "--report", Tool.fresh("nothing"))
            .expectSentence(1, containing: "cells.jsonl: cannot be read")
        try Tool.run("scale", Tool.fresh("nothing"), "--queries", empty, "--qrels", empty, "-o", place, "--no-encoder")
            .expectSentence(1)
    }

    @Test(arguments: [
        ["--sizes", "10q"], ["--sizes", "0"], ["--sizes", ","], ["--retrievers", "sparse"], ["--beams", "0"],
        ["--docids", "trained"], ["--typos", "2"], ["--threads", "0"], ["--replicates", "0"],
        ["--distractors", "pooled:x"], ["--limit-queries", "0"], ["--report", "--compare"], ["--preset", "paper"],
        ["--represent", "first-3"], ["--steps", "0"], ["--minutes", "-1"], ["--decoder-layers", "25"],
        ["--constrained", "maybe"], ["--encode", "-1"], ["--growth", "1:5"], ["--growth", "0.5"], ["--redo", "all"],
    ])
    func oddOptionsAreUsageErrors(options: [String]) throws {
        try Tool.run(["scale", Tool.sample, "-o", Tool.fresh("odd-study"), "--no-encoder"] + options).expectUsage()
    }

    @Test func anotherCorpusIsRefused() throws {
        let place = Tool.fresh("two-studies")
        let corpus = Tool.fresh("corpus.jsonl")
        let text = try String(contentsOfFile: Tool.sample + "/corpus.jsonl", encoding: .utf8)
        try Data((text + "{\"_id\": \"one-more\", \"text\": \"one more\"}\n").utf8).write(to: URL(filePath: corpus))
        try Tool.run(Self.command(place, "--dry-run", "-q")).expectSuccess()
        var other = Self.command(place, "-q")
        other[1] = corpus
        try Tool.run(other).expectSentence(1, containing: "has cells of another corpus")
    }
}
