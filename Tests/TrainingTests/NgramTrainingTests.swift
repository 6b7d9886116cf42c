import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing
import Training
import Transformers

/// Training a generator for an index of the sample corpus, under the tiny encoder beside the tests.
@Suite struct NgramTrainingTests {
    private func training(_ index: TinyIndex, steps: Int = 12, threads: Int = 2) -> NgramTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 3e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = NgramTraining(index.reader, plan: plan)
        training.threads = threads
        training.layers = 1
        training.options.batch = 16
        training.elementType = .float32
        training.validates = false
        return training
    }

    @Test("It learns, and the index takes what it wrote") func learns() throws {
        let index = try TinyIndex()
        let steps = Steps()
        let report = try training(index, steps: 40).run(
            try index.pairs(), output: index.place("generator"), steps.monitor)
        let result = try #require(report.result)
        #expect(result.steps == 40 && report.validation == nil)
        let (first, best) = (try #require(steps.heldOut.first), try #require(result.bestLoss))
        #expect(best < first - 0.2)
        try index.set(GeneratorPart.self, "generator")
        var options = SearchOptions("ngram")
        options[NgramRetriever.self].generator = .trained
        let found = try index.reopened().rank("how do I feed a sourdough starter", options: options)
        #expect(found.count("generatorRuns") == 1 && !found.hits.isEmpty)
        #expect(found.count("invalidKeys") == 0)
    }

    @Test("A training that was stopped goes on to the same bytes, on any number of threads") func resumes() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        _ = try training(index).run(pairs, output: index.place("whole"), .silent)
        #expect(throws: Cancelled.self) {
            try training(index, threads: 1).run(pairs, output: index.place("parts"), Steps(endingAfter: 7).monitor)
        }
        _ = try training(index, threads: 3).run(pairs, output: index.place("parts"), .silent)
        #expect(try index.weights("whole") == index.weights("parts"))
        // Other data is another training.
        var other = pairs
        other.holdOut(share: 0.3, limit: 100, seed: 2)
        #expect(throws: LearningError.self) {
            try training(index).run(other, output: index.place("parts"), .silent)
        }
    }

    @Test("Spans are ranked against those of other passages, to the same bytes on any number of threads")
    func ranks() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        for (folder, share, threads) in [("none", 0, 2), ("one", 1, 1), ("three", 1, 3)] {
            var training = training(index, threads: threads)
            training.options.rankShare = Double(share)
            let report = try training.run(pairs, output: index.place(folder), .silent)
            #expect(try #require(report.result?.bestLoss).isFinite)
        }
        #expect(try index.weights("one") == index.weights("three"))
        #expect(try index.weights("one") != index.weights("none"))
    }

    @Test("Queries are learned from their passages") func questions() throws {
        let index = try TinyIndex()
        var training = training(index, steps: 40)
        training.options.spanShare = 0
        training.options.titleShare = 0
        training.options.questionShare = 1
        let steps = Steps()
        _ = try training.run(try index.pairs(), output: index.place("generator"), steps.monitor)
        #expect(try #require(steps.heldOut.last) < (try #require(steps.heldOut.first)) - 0.2)
        try index.set(GeneratorPart.self, "generator")
        let model = try index.reopened().reader.value(IndexGenerator.self).model
        #expect(throws: Never.self) { try GeneratorQueries(model) }
    }

    @Test("What held-out queries do not accept is not kept") func validation() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let (first, second) = (index.place("first"), index.place("second"))
        _ = try training(index).run(pairs, output: first, .silent)
        // One step at a rate of nothing leaves what it started from, which is no gain.
        var idle = training(index, steps: 1)
        idle.plan.optimiser.learningRate = 1e-12
        idle.validates = true
        idle.start = first
        let validation = try #require(try idle.run(pairs, output: second, .silent).validation)
        #expect(!validation.isAccepted && validation.start == validation.trained && validation.queries > 0)
        for name in ["config.json", "model.safetensors"] {
            #expect(
                try Data(contentsOf: first.appending(path: name)) == Data(contentsOf: second.appending(path: name)))
        }
    }

    @Test("Held-out queries are not trained on") func heldOut() throws {
        let pairs = try TinyIndex().pairs()
        let (trained, held) = (Set(pairs.pairs.map(\.query)), Set(pairs.heldOut.map(\.query)))
        #expect(!held.isEmpty && trained.isDisjoint(with: held))
        #expect(trained.count + held.count == pairs.texts.count)
    }

    @Test("Nothing to train on is said") func nothing() throws {
        let index = try TinyIndex()
        #expect {
            try training(index).run(QueryPairs(), output: index.place("x"), .silent)
        } throws: { "\($0)".contains("nothing to train on") }
    }
}
