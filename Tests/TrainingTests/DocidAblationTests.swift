import Corpora
import Docids
import Engine
import Foundation
import Indexer
import Learning
import Testing
import Training
import Transformers

@Suite struct DocidAblationTests {
    @Test("A line for every scheme and representation, and the same again from trainings that are done")
    func table() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let models = ModelCache(directory: root.appending(path: "Tests/TransformersTests/Fixtures"))
        let sample = root.appending(path: "corpora/sample").path
        let place = FileManager.default.temporaryDirectory.appending(path: "genret-ablation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 0
        let path = place.appending(path: "index").path
        _ = try IndexBuilder(corpus: sample, destination: path, options: options, models: models).build()
        let engine = try Engine.open(path, models: models)
        var pairs = QueryPairs()
        try pairs.addLabelled(
            queries: sample + "/queries.jsonl", qrels: sample + "/qrels/test.tsv", engine: engine)
        pairs.holdOut(share: 0.2, limit: 100, seed: 1)
        var plan = TrainingPlan(.steps(3), optimiser: AdamW(learningRate: 1e-3))
        plan.warmup = 1
        plan.evaluationInterval = 3
        var ablation = DocidAblation(engine, plan: plan)
        ablation.layers = 1
        ablation.options.batch = 8
        ablation.schemes = [.tree, .atomic, .naive]
        var heard = 0
        ablation.onRow = { _ in heard += 1 }
        let test = try Queries.read(path: sample + "/queries.jsonl")
        let qrels = try Qrels.read(path: sample + "/qrels/test.tsv")
        let rows = try ablation.run(pairs, test: test, qrels: qrels, folder: place.appending(path: "work"))
        #expect(heard == rows.count)
        func find(_ scheme: String, _ entries: String, _ state: String) -> DocidAblation.Row? {
            rows.first { $0.scheme == scheme && $0.representations == entries && $0.state.hasPrefix(state) }
        }
        for scheme in ["tree", "atomic"] {
            for entries in ["passage", "sentences"] {
                #expect(find(scheme, entries, "untrained")?.trainingSeconds == nil)
                #expect(find(scheme, entries, "train") != nil)
            }
        }
        #expect(find("atomic", "sentences", "entries train") != nil && find("tree", "passage", "entries") == nil)
        #expect(find("naive", "passage", "trained") != nil && find("naive", "sentences", "") == nil)
        #expect(rows.allSatisfy { $0.values.allSatisfy { (0...1).contains($0) } && $0.bytes > 1000 && $0.milliseconds > 0 })
        // One step over the passages' own vectors is the dense scan, but for the rounding to 16 bits.
        let (dense, atomic) = (try #require(find("dense", "passage", "ref")), try #require(find("atomic", "passage", "untrained")))
        for (a, b) in zip(dense.values, atomic.values) { #expect(abs(a - b) < 0.02) }
        // The trainings are there; nothing is trained again.
        var steps = 0
        ablation.onProgress = { _ in steps += 1 }
        let again = try ablation.run(pairs, test: test, qrels: qrels, folder: place.appending(path: "work"))
        #expect(steps == 0 && again.map(\.values) == rows.map(\.values) && again.map(\.state) == rows.map(\.state))
        #expect(throws: TrainingError.self) {
            try ablation.run(pairs, test: test, qrels: Qrels(), folder: place.appending(path: "work"))
        }
    }
}
