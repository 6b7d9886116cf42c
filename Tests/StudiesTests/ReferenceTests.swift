import Engine
import Evaluation
import Foundation
import SampleIndexes
import Search
import Studies
import TestSupport
import Testing

@Suite("Published figures") struct ReferenceTests {
    @Test("Each has a name of its own, figures and a source") func registry() throws {
        let names = ReferenceRuns.all.map(\.name)
        #expect(Set(names).count == names.count)
        for run in ReferenceRuns.all {
            #expect(!run.figures.isEmpty && !run.source.isEmpty && !run.collection.isEmpty)
            #expect(run.figures.allSatisfy { (0...1).contains($0.published) })
            #expect(try ReferenceRuns.named(run.name).name == run.name)
        }
        #expect { try ReferenceRuns.named("nothing") } throws: { "\($0)".contains("nfcorpus-bm25") }
    }

    @Test("A figure is measured by the rules of its collection") func measured() throws {
        let folder = try TemporaryFolder()
        // "b" answers both; the query "a" finds the passage of its own id first.
        let corpus = [("a", "the sea is wide"), ("b", "the sea is deep and wide"), ("c", "bread")]
        try corpus.map { #"{"_id":"\#($0.0)","title":"","text":"\#($0.1)"}"# }.joined(separator: "\n")
            .write(toFile: folder.path("corpus.jsonl"), atomically: true, encoding: .utf8)
        try [("a", "the sea is wide"), ("q", "deep sea"), ("none", "zzz")].map {
            #"{"_id":"\#($0.0)","text":"\#($0.1)"}"#
        }.joined(separator: "\n").write(toFile: folder.path("queries.jsonl"), atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.path("qrels"), withIntermediateDirectories: true)
        try "query-id\tcorpus-id\tscore\na\tb\t1\nq\tb\t2\nnone\tc\t1\n".write(
            toFile: folder.path("qrels/test.tsv"), atomically: true, encoding: .utf8)
        func measure(_ change: (inout ReferenceRun) -> Void) throws -> (Double, Int) {
            var run = ReferenceRun(
                "test", "a test", "BM25", [.init(.recipRankCut(10), 0.5)], source: "nobody", retriever: "bm25")
            change(&run)
            let scratch = try TemporaryFolder()
            let place = URL(filePath: folder.path("."))
            let (rows, queries) = try ReferenceMeasurement(run, folder: place.path).measure(
                in: URL(filePath: scratch.path(".")))
            #expect(rows.count == 1 && rows[0].measure == "MRR@10" && rows[0].published == 0.5)
            return (rows[0].ours, queries)
        }
        // Of a, q and none: second, first, and nothing.
        let plain = try measure { _ in }
        #expect(abs(plain.0 - (0.5 + 1 + 0) / 3) < 1e-9 && plain.1 == 3)
        let beir = try measure { $0.rules.removesQuery = true }
        #expect(abs(beir.0 - (1 + 1 + 0) / 3) < 1e-9)
        let level = try measure { $0.rules.level = 2 }
        #expect(abs(level.0 - (0 + 1 + 0) / 3) < 1e-9)
    }
}
