import Foundation
import Genret
import Testing

/// What a program can do that imports `Genret` alone: nothing here sees what is not public.
@Suite struct GenretTests {
    private static let sample = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "corpora/sample")

    /// An index of the sample with a component of its own.
    private func withIndex(_ body: (URL) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "genret-public-\(UUID()).genret")
        defer { try? FileManager.default.removeItem(at: place) }
        var options = IndexOptions()
        options.encoder = nil
        options.pseudoQueries = 0
        var builder = IndexBuilder(corpus: Self.sample.path, destination: place.path, options: options)
        builder.stages = [PassageLengths.Stage()]
        let report = try builder.build()
        #expect(report.manifest.passages == report.corpus.passages && report.timings.contains { $0.stage == "lengths" })
        try body(place)
    }

    @Test("A component of one's own is built, opened and searched by") func component() throws {
        try withIndex { place in
            let engine = try Engine.open(place.path, registry: .standard.adding(LengthRetriever.self))
            var options = SearchOptions()
            options.retrievers = ["length"]
            let found = try engine.search(SearchRequest("anything", hits: 3, options: options)).candidates
            let scores = found.map(\.score)
            #expect(scores.count == 3 && scores == scores.sorted(by: >))
            let passage = try #require(try engine.passages(ids: [found[0].docid])[0])
            #expect(Float(passage.text.split(separator: " ").count) == scores[0])
            #expect(try engine.explain("anything", docid: found[0].docid, options: options).score.parts.count == 1)
        }
    }

    @Test("A component of one's own is written when passages come, and finds none that went") func living() throws {
        try withIndex { place in
            var options = SearchOptions()
            options.retrievers = ["length"]
            func longest() throws -> [String] {
                try Engine.open(place.path, registry: .standard.adding(LengthRetriever.self))
                    .search(SearchRequest("anything", hits: 2, options: options)).candidates.map(\.docid)
            }
            let before = try longest()
            var change = IndexChange(place.path)
            change.stages = [PassageLengths.Stage()]
            #expect(try change.delete(ids: [before[0]]).deleted == 1)
            #expect(try longest().first == before[1])
            let corpus = place.appendingPathExtension("jsonl")
            defer { try? FileManager.default.removeItem(at: corpus) }
            let text = String(repeating: "long ", count: 2_000)
            try Data(#"{"_id": "endless", "text": "\#(text)"}"#.utf8).write(to: corpus)
            #expect(try change.add(corpus.path).added == 1)
            #expect(try longest() == ["endless", before[1]])
            #expect(try change.compact(.all).compacted == 2)
            #expect(try longest() == ["endless", before[1]])
        }
    }

    @Test("A part and an estimate are entered, read and taken out") func transaction() throws {
        try withIndex { place in
            let engine = try Engine.open(place.path)
            var change = try IndexTransaction(place)
            try change.install(Glossary.self) { folder, _ in try folder.write("yeast\nrye\n".utf8, as: "words.txt") }
            let input = EstimateInput(kind: Glossary.kind, sha256: change.manifest?.part(Glossary.kind)?.sha256)
            try change.record(Estimate(2, inputs: [input], queries: 1, objective: 1), as: "example")
            _ = try change.commit()
            #expect(try engine.reload())
            let snapshot = engine.reader.snapshot
            #expect(try snapshot.part(Glossary.self, in: engine.reader.environment())?.words == ["yeast", "rye"])
            #expect(snapshot.estimate("example", as: Int.self, using: [Glossary.kind])?.value == 2)
            #expect(try InstallableParts.remove(Glossary.kind, from: place))
            #expect(try engine.reload() && !engine.manifest.parts.contains { $0.kind == Glossary.kind })
        }
    }

    @Test("Questions of a collection are answered and evaluated") func evaluation() throws {
        try withIndex { place in
            let engine = try Engine.open(place.path)
            let queries: [CorpusQuery] = try Queries.read(path: Self.sample.appending(path: "queries.jsonl").path)
            let qrels = try Qrels.read(path: Self.sample.appending(path: "qrels/test.tsv").path)
            var run = TRECRun()
            for query in queries.prefix(20) {
                let found = try engine.search(query.text, hits: 10).candidates
                run.set(found.map { .init(passage: Identifier($0.docid), score: Double($0.score)) }, query: query.id)
            }
            let measured = Evaluator(qrels: qrels, options: EvaluationOptions(measures: [.ndcgCut(10)])).evaluate(run)
            #expect(measured.mean(of: .ndcgCut(10)) > 0.5)
        }
    }

    @Test("A training that cannot be says why") func training() throws {
        try withIndex { place in
            let index = IndexReader(try IndexSnapshot.open(place))
            var training = DenseTraining(index, plan: TrainingPlan(.steps(1), optimiser: AdamW(learningRate: 1e-4)))
            training.options.batch = 2
            let output = place.appendingPathExtension("trained")
            #expect(throws: (any Error).self) { try training.run(QueryPairs(), output: output, .silent) }
        }
    }
}
