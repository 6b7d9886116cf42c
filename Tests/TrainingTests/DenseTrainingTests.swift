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

@Suite struct DenseTrainingTests {
    private func training(
        _ index: TinyIndex, _ negatives: DenseNegatives = .all, steps: Int = 12, threads: Int = 2
    ) -> DenseTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 1e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = DenseTraining(index.reader, plan: plan)
        training.threads = threads
        training.options.batch = 16
        training.options.negatives = negatives
        training.options.negativeCount = 20
        training.elementType = .float32
        return training
    }

    /// The mean reciprocal rank at 10 that searches of the index have.
    private func reciprocalRank(_ engine: Engine, _ texts: [String], _ pairs: [QueryPairs.Pair]) throws -> Double {
        let queries = Set(pairs.map(\.query))
        var sum = 0.0
        for query in queries {
            let own = Set(pairs.filter { $0.query == query }.map(\.passage))
            let hits = try engine.rank(texts[Int(query)], options: SearchOptions("dense")).hits
            if let place = hits.firstIndex(where: { own.contains($0.candidate.passage.rawValue) }) {
                sum += 1 / Double(place + 1)
            }
        }
        return sum / Double(queries.count)
    }

    @Test("It learns, and searches of the index find what the report says", arguments: DenseNegatives.allCases)
    func learns(negatives: DenseNegatives) throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let steps = Steps()
        let report = try training(index, negatives, steps: 60).run(pairs, output: index.place("encoder"), steps.monitor)
        #expect(report.result?.steps == 60)
        let losses = steps.losses
        let (early, late) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
        #expect(late < early - 1)
        #expect(report.details.shares.map(\.share) == [0, 0.25, 0.5, 0.75, 1])
        let (start, best) = (report.details.shares[0].reciprocalRank, report.details.shares.map(\.reciprocalRank).max())
        let chosen = report.details.shares.first { $0.reciprocalRank == best }
        #expect(chosen?.share == report.details.share)
        let untrained = try reciprocalRank(index.engine, pairs.texts, pairs.heldOut)
        #expect(abs(untrained - start) < 1e-9)
        try index.set(QueryEncoderPart.self, "encoder")
        let trained = try reciprocalRank(index.reopened(), pairs.texts, pairs.heldOut)
        #expect(abs(trained - (best ?? 0)) < 1e-9)
    }

    @Test("Queries that it was trained on find their passages") func fits() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs(heldOut: 0)
        let report = try training(index, steps: 80).run(pairs, output: index.place("encoder"), .silent)
        #expect(report.details.shares.isEmpty && report.details.share == 1)
        let before = try reciprocalRank(index.engine, pairs.texts, pairs.pairs)
        try index.set(QueryEncoderPart.self, "encoder")
        let after = try reciprocalRank(index.reopened(), pairs.texts, pairs.pairs)
        #expect(after > 2 * before, "\(before) to \(after)")
    }

    @Test("Negatives that are all passages are a full softmax") func softmax() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        func losses(_ negatives: DenseNegatives) throws -> [Double] {
            var training = training(index, negatives, steps: 5)
            training.options.negativeCount = index.engine.count
            let steps = Steps()
            _ = try training.run(pairs, output: index.place(negatives.rawValue), steps.monitor)
            return steps.losses
        }
        let whole = try losses(.all)
        // Batches of `mixed` draw random passages besides, from a stream that comes after.
        for negatives in [DenseNegatives.hard, .static] {
            for (one, two) in zip(whole, try losses(negatives)) { #expect(abs(one - two) < 1e-3 * one) }
        }
    }

    @Test(
        "A training that was stopped goes on to the same bytes, on any number of threads",
        arguments: [DenseNegatives.all, .hard, .mixed])
    func resumes(negatives: DenseNegatives) throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        _ = try training(index, negatives).run(pairs, output: index.place("whole"), .silent)
        #expect(throws: Cancelled.self) {
            try training(index, negatives, threads: 1).run(
                pairs, output: index.place("parts"), Steps(endingAfter: 7).monitor)
        }
        _ = try training(index, negatives, threads: 3).run(pairs, output: index.place("parts"), .silent)
        #expect(try index.weights("whole") == index.weights("parts"))
        #expect(throws: LearningError.self) {
            try training(index, .static).run(pairs, output: index.place("parts"), .silent)
        }
    }

    @Test("Where training does not help, the weights are the start's") func noGain() throws {
        let index = try TinyIndex()
        var training = training(index, steps: 4)
        training.plan.optimiser.learningRate = 1e-12
        let report = try training.run(try index.pairs(), output: index.place("encoder"), .silent)
        #expect(report.details.share == 0)
        let own = TinyIndex.models.directory.appending(path: "tiny_bert/model.safetensors")
        #expect(try index.weights("encoder") == Data(contentsOf: own))
    }

    @Test("Trained docids have their states where vectors come from another encoder") func docids() throws {
        let index = try TinyIndex()
        var training = DocidTraining(index.reader, plan: training(index).plan)
        training.threads = 2
        training.layers = 1
        (training.recipe.fanout, training.recipe.leafSize) = (4, 8)
        _ = try training.run(QueryPairs(), output: index.place("docids"), .silent)
        try index.set(DocidsPart.self, "docids")
        var options = SearchOptions("docid")
        options[DocidRetriever.self].docids = .trained
        let text = "how do I feed a sourdough starter"
        let before = try index.reopened().rank(text, options: options).hits
        _ = try QueryEncoderPart.set(TinySample.encoder, in: index.path, models: TinyIndex.models)
        let after = try index.reopened().rank(text, options: options).hits
        #expect(before.count == 10 && before.map(\.score) == after.map(\.score))
    }

    @Test("Only the last layers are trained when asked, and training goes on from what it wrote") func layers() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs(heldOut: 0)
        var training = training(index, steps: 8)
        training.options.layers = 1
        _ = try training.run(pairs, output: index.place("one"), .silent)
        func tensor(_ folder: URL, _ name: String) throws -> [Float] {
            let file = try Safetensors(contentsOf: folder.appending(path: "model.safetensors"))
            let entry = try #require(file.entries.first { $0.name.hasSuffix(name) })
            return try file.floats(entry.name, shape: entry.shape).toArray()
        }
        let base = TinyIndex.models.directory.appending(path: "tiny_bert")
        for name in ["word_embeddings.weight", "layer.0.output.dense.weight"] {
            #expect(try tensor(base, name) == tensor(index.place("one"), name))
        }
        #expect(
            try tensor(base, "layer.1.output.dense.weight") != tensor(index.place("one"), "layer.1.output.dense.weight")
        )
        training.options.layers = 3
        #expect { try training.run(pairs, output: index.place("x"), .silent) } throws: { "\($0)".contains("2 layers") }
        training.options.layers = nil
        training.start = index.place("one")
        let (goingOn, anew) = (Steps(), Steps())
        _ = try training.run(pairs, output: index.place("two"), goingOn.monitor)
        training.start = nil
        _ = try training.run(pairs, output: index.place("three"), anew.monitor)
        #expect(try #require(goingOn.losses.first) < #require(anew.losses.first))
    }
}
