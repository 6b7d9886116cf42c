import Corpora
import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import SampleIndexes
import Search
import TestSupport
import Testing
import Training
import Transformers

@Suite struct DocidAblationTests {
    @Test("A line for every scheme and representation, and the same again from trainings that are done")
    func table() throws {
        let index = try TinyIndex()
        let (sample, work) = (TinyIndex.sample, index.place("work"))
        let pairs = try index.pairs()
        var plan = TrainingPlan(.steps(3), optimiser: AdamW(learningRate: 1e-3))
        plan.warmup = 1
        plan.evaluationInterval = 3
        var ablation = DocidAblation(index.reader, plan: plan)
        ablation.layers = 1
        ablation.options.batch = 8
        ablation.schemes = [.tree, .atomic, .naive]
        var heard = 0
        ablation.onRow = { _ in heard += 1 }
        let test = try Queries.read(path: sample + "/queries.jsonl")
        let qrels = try Qrels.read(path: sample + "/qrels/test.tsv")
        let rows = try ablation.run(pairs, test: test, qrels: qrels, folder: work)
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
        #expect(
            rows.allSatisfy { $0.values.allSatisfy { (0...1).contains($0) } && $0.bytes > 1000 && $0.milliseconds > 0 })
        // One step over the passages' own vectors is the dense scan, but for the rounding to 16 bits.
        let (dense, atomic) = (
            try #require(find("dense", "passage", "ref")), try #require(find("atomic", "passage", "untrained"))
        )
        for (a, b) in zip(dense.values, atomic.values) { #expect(abs(a - b) < 0.02) }
        // The trainings are there; nothing is trained again.
        let steps = Steps()
        ablation.monitor = steps.monitor
        let again = try ablation.run(pairs, test: test, qrels: qrels, folder: work)
        #expect(
            steps.all.isEmpty && again.map(\.values) == rows.map(\.values) && again.map(\.state) == rows.map(\.state))
        #expect(throws: TrainingError.self) {
            try ablation.run(pairs, test: test, qrels: Qrels(), folder: work)
        }
    }
}
