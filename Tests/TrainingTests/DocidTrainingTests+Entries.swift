import Docids
import Engine
import Foundation
import Indexing
import Learning
import Memory
import Ranking
import SampleIndexes
import Search
import Tensors
import TestSupport
import Testing
import Training

/// Entries whose vectors are trained too.
extension DocidTrainingTests {
    private func entryTraining(_ index: TinyIndex, steps: Int = 60, threads: Int = 2) -> DocidTraining {
        var job = training(index, .atomic, steps: steps, threads: threads)
        job.recipe.representations = [.passage]
        job.recipe.entryRate = DocidRecipe.overDenseRate
        job.plan.optimiser.learningRate = 5e-3
        return job
    }

    private func vectors(_ docids: TrainedDocids) throws -> [Float] {
        guard case .entries(_, let search) = docids.kind else {
            Issue.record("docids of vectors lead to entries")
            return []
        }
        return search.entries.vectors.floats().toArray()
    }

    @Test("Trained vectors of entries are searched in the place of the encoder's, in this index alone")
    func trainedEntries() throws {
        let index = try TinyIndex()
        let output = index.place("docids")
        // Every query twice, so that many of those that are held out are learnt, and there is a gain.
        let pairs = try index.pairs(heldOut: 0.5, limit: 1000, copies: 2)
        let report = try entryTraining(index).run(pairs, output: output, .silent)
        #expect(try #require(report.details.validation).isBetter)
        let made = try #require(report.details.docids)
        #expect(made.recipe.entryRate == 0.1)
        let own = try vectors(made)
        let before = try EntryStage(index.reader, recipe: entryTraining(index).recipe).entries(reusing: [], .silent)
        let start = before.vectors.floats().toArray()
        let change = zip(own, start).map { abs($0 - $1) }
        #expect(own.count == start.count && (change.max() ?? 0) > 1e-3 && (change.max() ?? 1) < 0.1)
        try index.set(DocidsPart.self, "docids")
        let installed = try index.reopened()
        try installed.reader.verify()
        let docids = try docids(installed)
        let areTheTrained = try vectors(docids) == own
        #expect(areTheTrained)
        // Another training starts from the encoder's vectors, also where it looks for entries in the index.
        let folder = try TinySample.folder(of: DocidsPart.kind, in: index.engine.path)
        let again = try EntryStage(index.reader, recipe: docids.recipe).entries(reusing: [folder], .silent)
        let areTheEncoders = again.vectors.floats().toArray() == start
        #expect(areTheEncoders)
        let text = "how do I feed a sourdough starter"
        let expected = try made.search(installed.reader.query(text), k: 10, beams: 10).passages
        #expect(try installed.rank(text, options: options(.trained)).hits.map(\.score) == expected.map(\.score))
        // Other passages, and a damaged file.
        let small = try TinyIndex(corpus: try index.halfCorpus())
        #expect { try DocidsPart.set(output, in: small.path, models: TinyIndex.models) } throws: { error in
            if case IndexingError.otherPassages = error { true } else { false }
        }
        let file = output.appending(path: "trained-entries.gnr")
        let bytes = try Data(contentsOf: file)
        for length in [0, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: file, options: .atomic)
            #expect(throws: (any Error).self) { try index.set(DocidsPart.self, "docids") }
        }
        #expect(try described(index.reopened()) == described(installed))
    }

    @Test("Trained vectors go on after an interruption to the same bytes, and are not kept where they do no good")
    func entriesResume() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        _ = try entryTraining(index, steps: 12).run(pairs, output: index.place("whole"), .silent)
        #expect(throws: Cancelled.self) {
            try entryTraining(index, steps: 12, threads: 1).run(
                pairs, output: index.place("parts"), Steps(endingAfter: 7).monitor)
        }
        _ = try entryTraining(index, steps: 12, threads: 3).run(pairs, output: index.place("parts"), .silent)
        for name in ["model.safetensors", "config.json", "entries.gnr", "trained-entries.gnr"] {
            let files = ["whole", "parts"].map { try? Data(contentsOf: index.place($0).appending(path: name)) }
            let areEqual = files[0] == files[1]
            #expect(areEqual, "\(name)")
        }
        // The same training without them is another.
        #expect(throws: LearningError.self) {
            var frozen = entryTraining(index, steps: 12)
            frozen.recipe.entryRate = nil
            _ = try frozen.run(pairs, output: index.place("parts"), .silent)
        }
        var wild = entryTraining(index, steps: 1)
        wild.plan.optimiser.learningRate = 30
        wild.plan.warmup = 0
        let report = try wild.run(pairs, output: index.place("wild"), .silent)
        #expect(report.details.docids?.recipe.entryRate == nil && report.details.docids?.isTrained == false)
        #expect(
            !FileManager.default.fileExists(atPath: index.place("wild").appending(path: "trained-entries.gnr").path))
        var tree = training(index, .tree)
        tree.recipe.entryRate = 0.1
        #expect(throws: TrainingError.self) { try tree.run(pairs, output: index.place("tree"), .silent) }
    }
}
