import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

/// Indexes that are built apart, by a plan, and become one.
@Suite struct PlanTests {
    private static let lines: [String] = {
        let text =
            (try? String(contentsOf: URL(filePath: Sample.path).appending(path: "corpus.jsonl"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }()

    private func options(_ budget: EncoderBudget) -> IndexOptions {
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 6
        options.vectorProfile = .float32
        options.encoderBudget = budget
        return options
    }

    private func plan(in folder: TemporaryFolder, _ name: String = "plan", budget: EncoderBudget, lines: Int = 90)
        throws -> String
    {
        let sample = folder.path("\(name).jsonl")
        try Self.lines.prefix(lines).joined(separator: "\n").write(toFile: sample, atomically: true, encoding: .utf8)
        var builder = IndexBuilder(
            corpus: sample, destination: folder.path(name), options: options(budget), models: TinySample.models)
        (builder.staticSample, builder.fitsStaticEncoder) = (40, true)
        _ = try builder.build()
        return folder.path(name)
    }

    private func segment(
        _ name: String, _ lines: some Sequence<String>, by plan: String, in folder: TemporaryFolder
    ) throws -> SegmentReceipt {
        let part = folder.path("\(name).jsonl")
        try Array(lines).joined(separator: "\n").write(toFile: part, atomically: true, encoding: .utf8)
        let plan = try BuildPlan(plan, models: TinySample.models)
        var builder = IndexBuilder(
            corpus: part, destination: folder.path(name), options: plan.options(reading: IndexOptions()),
            models: TinySample.models)
        builder.plan = plan
        _ = try builder.build()
        return try SegmentReceipt(builder.destination, segment: name)
    }

    private func commit(_ index: String, _ receipts: [SegmentReceipt], by plan: String) throws -> IndexMerge.Report {
        var merge = IndexMerge(receipts.map(\.path), destination: index, models: TinySample.models)
        merge.plan = try BuildPlan(plan, models: TinySample.models)
        return try merge.run()
    }

    private func answers(_ index: String, _ retrievers: ComponentID...) throws -> [[String]] {
        let engine = try TinySample.open(index)
        return try retrievers.flatMap { retriever in
            try Sample.queries().map { query in
                try engine.rank(query.text, hits: 40, options: SearchOptions(retriever)).hits.map {
                    "\($0.id) \($0.score)"
                }
            }
        }
    }

    @Test(
        "However a corpus is cut, its segments answer as the whole index", arguments: [EncoderBudget.passages(0), .all])
    func partitions(budget: EncoderBudget) throws {
        let folder = try TemporaryFolder()
        let plan = try plan(in: folder, budget: budget)
        var expected: [[String]]?
        for count in [1, 3, 7] {
            let receipts = try (0..<count).map { number in
                let all = Self.lines
                let part = all[all.count * number / count..<all.count * (number + 1) / count]
                return try segment("\(count)-\(number)", part, by: plan, in: folder)
            }
            #expect(receipts.reduce(0) { $0 + $1.passages } == 210 && receipts.allSatisfy { $0.badLines == 0 })
            let index = folder.path("whole-\(count)")
            let report = try commit(index, receipts, by: plan)
            #expect(report.segments == count && report.manifest?.passages == 210)
            #expect(report.kept.contains(.fusionWeights) && report.kept.contains(StaticEncoderPart.kind))
            try IndexReader.open(index, models: TinySample.models).verify(isDeep: true)
            let found = try answers(index, "bm25", "dense", "ngram")
            if let expected { #expect(found == expected, "\(count) segments") } else { expected = found }
        }
        // And as one that nobody planned, where nothing is fitted.
        guard budget == .all else { return }
        var plain = IndexBuilder(
            corpus: Sample.path, destination: folder.path("plain"), options: options(.all), models: TinySample.models)
        plain.replacesExisting = true
        _ = try plain.build()
        #expect(try answers(folder.path("plain"), "bm25", "dense", "ngram") == expected)
    }

    @Test("A plan without an encoder plans indexes without one") func lexical() throws {
        let folder = try TemporaryFolder()
        let sample = folder.path("sample.jsonl")
        try Self.lines.prefix(50).joined(separator: "\n").write(toFile: sample, atomically: true, encoding: .utf8)
        var own = options(.all)
        own.encoder = nil
        _ = try IndexBuilder(corpus: sample, destination: folder.path("plan"), options: own, models: TinySample.models)
            .build()
        let receipts = [
            try segment("a", Self.lines.prefix(100), by: folder.path("plan"), in: folder),
            try segment("b", Self.lines.dropFirst(100), by: folder.path("plan"), in: folder),
        ]
        let report = try commit(folder.path("whole"), receipts, by: folder.path("plan"))
        #expect(report.passages == 210 && report.manifest?.encoder == nil)
    }

    @Test("The same plan and passages give the same bytes, and another plan is refused") func mixed() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (
            try plan(in: folder, "a", budget: .passages(0)), try plan(in: folder, "b", budget: .passages(0), lines: 120)
        )
        let one = try segment("one", Self.lines.prefix(60), by: first, in: folder)
        let again = try segment("again", Self.lines.prefix(60), by: first, in: folder)
        #expect(one.sha256 == again.sha256 && one.bytes == again.bytes)
        #expect(try BuiltIndex.files(of: one.path) == BuiltIndex.files(of: again.path))
        let other = try segment("other", Self.lines.suffix(60), by: second, in: folder)
        #expect(throws: IndexingError.self) { try commit(folder.path("mixed"), [one, other], by: first) }
        #expect(throws: IndexingError.self) { try commit(folder.path("mixed"), [one], by: second) }
        #expect(!FileManager.default.fileExists(atPath: folder.path("mixed")))
    }

    @Test("Receipts: one attempt of each segment, in the order of names, and none that is false") func receipts() throws
    {
        let folder = try TemporaryFolder()
        let plan = try plan(in: folder, budget: .passages(0))
        var (a, b) = (
            try segment("a", Self.lines.prefix(30), by: plan, in: folder),
            try segment("b", Self.lines.suffix(30), by: plan, in: folder)
        )
        var twin = a
        twin.path = folder.path("lost")
        func file(_ receipts: [SegmentReceipt]) throws -> String {
            let path = folder.path("receipts.jsonl")
            let lines = try receipts.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
            try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        // The attempt whose folder is gone gives way, and order does not matter.
        #expect(try SegmentReceipt.read([file([b, twin, a])]) == [a, b])
        #expect(try SegmentReceipt.read([b.path, a.path]).map(\.sha256) == [a.sha256, b.sha256])
        for receipt in [a, b] { try receipt.check() }
        b.segment = "a"
        #expect(throws: IndexingError.unlikeAttempts(segment: "a", first: a.path, second: b.path)) {
            try SegmentReceipt.read([file([a, b])])
        }
        a.path = b.path
        #expect(throws: IndexingError.otherSegment(path: b.path, segment: "a")) { try a.check() }
        #expect(throws: IndexingError.nothingToMerge(destination: folder.path("none"))) {
            try commit(folder.path("none"), SegmentReceipt.read([file([])]), by: plan)
        }
        try Data("{\"segment\":1}\n".utf8).write(to: URL(filePath: folder.path("bad.jsonl")))
        #expect(throws: IndexingError.badReceipt(path: folder.path("bad.jsonl"), line: 1)) {
            try SegmentReceipt.read([folder.path("bad.jsonl")])
        }
    }
}
