import Docids
import Engine
import Foundation
import Indexer
import Learning
import Memory
import Ranking
import Testing
import Training
import Transformers

/// Entries whose vectors are trained too.
extension DocidTrainingTests {
    private func entryTraining(_ engine: Engine, steps: Int = 60, threads: Int = 2) -> DocidTraining {
        var job = training(engine, .atomic, steps: steps, threads: threads)
        job.recipe.representations = [.passage]
        job.recipe.entryRate = DocidRecipe.overDenseRate
        job.plan.optimiser.learningRate = 5e-3
        return job
    }

    @Test("Trained vectors of entries are searched in the place of the encoder's, in this index alone")
    func trainedEntries() throws {
        let place = try Place()
        let engine = try index(place)
        let output = place.url("docids")
        // Every query twice, so that many of those that are held out are learnt, and there is a gain.
        var pairs = QueryPairs()
        for _ in 0..<2 {
            try pairs.addLabelled(
                queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv", engine: engine)
        }
        pairs.holdOut(share: 0.5, limit: 1000, seed: 1)
        let report = try entryTraining(engine).run(pairs, output: output) { _ in }
        #expect(try #require(report.comparison).isBetter)
        let made = try #require(report.docids)
        guard case .entries(_, let own) = made.kind else { return }
        #expect(made.recipe.entryRate == 0.1)
        let vectors = own.entries.vectors.floats().toArray()
        let before = try EntryStage(engine, recipe: entryTraining(engine).recipe).entries(reusing: [])
        let change = zip(vectors, before.vectors.floats().toArray()).map { abs($0 - $1) }
        #expect(own.entries.count == engine.count && (change.max() ?? 0) > 1e-3 && (change.max() ?? 1) < 0.1)
        try DocidInstall.install(output.path, into: engine.path, models: Self.models)
        let installed = try open(engine.path)
        try installed.verify()
        let docids = try #require(try installed.trainedDocids(for: options(.trained)))
        guard case .entries(_, let stored) = docids.kind else { return }
        #expect(stored.entries.vectors.floats().toArray() == vectors)
        // Another training starts from the encoder's vectors, also where it looks for entries in the index.
        let again = try EntryStage(engine, recipe: docids.recipe).entries(
            reusing: [URL(filePath: engine.path).appending(path: "docids")])
        #expect(again.vectors.floats().toArray() == before.vectors.floats().toArray())
        let text = "how do I feed a sourdough starter"
        let query = try installed.queries.encode(text)
        let expected = try #require(made.search(query, k: 10, beams: 10)).documents
        #expect(try installed.search(text, options(.trained)).hits.map(\.score) == expected.map(\.score))
        // Other passages, and a damaged file.
        let half = place.url("half.jsonl")
        let lines = try String(contentsOfFile: Self.sample + "/corpus.jsonl", encoding: .utf8).split(separator: "\n")
        try lines.prefix(lines.count / 2).joined(separator: "\n").write(to: half, atomically: true, encoding: .utf8)
        let small = try index(place, name: "small", corpus: half.path)
        #expect { try DocidInstall.install(output.path, into: small.path, models: Self.models) } throws: {
            "\($0)".contains("other passages")
        }
        let file = output.appending(path: "trained-entries.gnr")
        let bytes = try Data(contentsOf: file)
        for length in [0, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: file, options: .atomic)
            #expect(throws: IndexingError.self) {
                try DocidInstall.install(output.path, into: engine.path, models: Self.models)
            }
        }
        #expect(try open(engine.path).manifest.docids == installed.manifest.docids)
    }

    @Test("Trained vectors go on after an interruption to the same bytes, and are not kept where they do no good")
    func entriesResume() throws {
        let place = try Place()
        let engine = try index(place)
        let pairs = try pairs(engine)
        _ = try entryTraining(engine, steps: 12).run(pairs, output: place.url("whole")) { _ in }
        #expect(throws: Stop.self) {
            try entryTraining(engine, steps: 12, threads: 1).run(pairs, output: place.url("parts")) {
                if $0.step == 7 { throw Stop() }
            }
        }
        _ = try entryTraining(engine, steps: 12, threads: 3).run(pairs, output: place.url("parts")) { _ in }
        for name in ["model.safetensors", "config.json", "entries.gnr", "trained-entries.gnr"] {
            let files = ["whole", "parts"].map { try? Data(contentsOf: place.url($0).appending(path: name)) }
            #expect(files[0] == files[1])
        }
        // The same training without them is another.
        #expect(throws: LearningError.self) {
            var frozen = entryTraining(engine, steps: 12)
            frozen.recipe.entryRate = nil
            _ = try frozen.run(pairs, output: place.url("parts")) { _ in }
        }
        var wild = entryTraining(engine, steps: 1)
        wild.plan.optimiser.learningRate = 30
        wild.plan.warmup = 0
        let report = try wild.run(pairs, output: place.url("wild")) { _ in }
        #expect(report.docids?.recipe.entryRate == nil && report.docids?.isTrained == false)
        #expect(!FileManager.default.fileExists(atPath: place.url("wild").appending(path: "trained-entries.gnr").path))
        var tree = training(engine, .tree)
        tree.recipe.entryRate = 0.1
        #expect(throws: TrainingError.self) { try tree.run(pairs, output: place.url("tree")) { _ in } }
    }
}
