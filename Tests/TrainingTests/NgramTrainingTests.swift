import Engine
import Foundation
import Indexer
import Learning
import Testing
import Training

/// Training a generator for an index of the sample corpus, under the tiny encoder beside the tests.
@Suite struct NgramTrainingTests {
    private struct Stop: Error {}

    private func training(_ engine: Engine, steps: Int = 12, threads: Int = 2) -> NgramTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 3e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = NgramTraining(engine, plan: plan, threads: threads)
        training.layers = 1
        training.options.batch = 16
        training.elementType = .float32
        training.isTried = false
        return training
    }

    @Test("It learns, and the index takes what it wrote") func learns() throws {
        let index = try TinyIndex()
        let engine = index.engine
        let output = index.place("generator")
        var held: [Double] = []
        let outcome = try training(engine, steps: 40).run(try index.pairs(), output: output) {
            if let loss = $0.heldOutLoss { held.append(loss) }
        }
        let result = outcome.result
        #expect(result.steps == 40 && outcome.confirmation == nil)
        let (first, best) = (try #require(held.first), try #require(result.bestLoss))
        #expect(best < first - 0.2)
        try GeneratorInstall.install(output.path, into: engine.path, models: TinyIndex.models)
        let trained = try index.reopened()
        var options = SearchOptions()
        options.retrievers = [.ngram]
        options.ngramGenerator = .trained
        let found = try trained.search("how do I feed a sourdough starter", options)
        #expect(found.diagnostics.ngramGenerator == .trained && !found.hits.isEmpty)
        #expect(found.diagnostics.invalidKeys == 0)
    }

    @Test("A training that was stopped goes on to the same bytes, on any number of threads") func resumes() throws {
        let index = try TinyIndex()
        let engine = index.engine
        let pairs = try index.pairs()
        _ = try training(engine).run(pairs, output: index.place("whole")) { _ in }
        #expect(throws: Stop.self) {
            try training(engine, threads: 1).run(pairs, output: index.place("parts")) {
                if $0.step == 7 { throw Stop() }
            }
        }
        _ = try training(engine, threads: 3).run(pairs, output: index.place("parts")) { _ in }
        #expect(try index.weights("whole") == index.weights("parts"))
        // Other data is another training.
        var other = pairs
        other.holdOut(share: 0.3, limit: 100, seed: 2)
        #expect(throws: LearningError.self) {
            try training(engine).run(other, output: index.place("parts")) { _ in }
        }
    }

    @Test("Queries are learned from their passages") func questions() throws {
        let index = try TinyIndex()
        let output = index.place("generator")
        var training = training(index.engine, steps: 40)
        training.options.spanShare = 0
        training.options.titleShare = 0
        training.options.questionShare = 1
        var held: [Double] = []
        _ = try training.run(try index.pairs(), output: output) {
            if let loss = $0.heldOutLoss { held.append(loss) }
        }
        #expect(try #require(held.last) < (try #require(held.first)) - 0.2)
        try GeneratorInstall.install(output.path, into: index.engine.path, models: TinyIndex.models)
        let model = try #require(try index.reopened().generator?.model())
        #expect(throws: Never.self) { try GeneratorMaker(model) }
    }

    @Test("What held-out queries do not confirm is not kept") func confirmation() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let (first, second) = (index.place("first"), index.place("second"))
        _ = try training(index.engine).run(pairs, output: first) { _ in }
        // One step at a rate of nothing leaves what it started from, which is no gain.
        var idle = training(index.engine, steps: 1)
        idle.plan.optimiser.learningRate = 1e-12
        idle.isTried = true
        idle.start = first
        let outcome = try #require(try idle.run(pairs, output: second) { _ in }.confirmation)
        #expect(!outcome.isConfirmed && outcome.start == outcome.trained && outcome.queries > 0)
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
        let engine = index.engine
        #expect {
            try training(engine).run(QueryPairs(), output: index.place("x")) { _ in }
        } throws: { "\($0)".contains("nothing to train on") }
    }
}
