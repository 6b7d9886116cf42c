import Engine
import Foundation
import Learning
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing
import Training
import Transformers

/// Trainings beside those of the trainer in `trainer/`; `Fixtures/make_trainer_fixture.py`.
@Suite struct TrainerTests {
    private struct Expected: Decodable {
        var losses: [Double]
        var held_out: [Double]
    }

    private struct Job: Decodable {
        struct Plan: Decodable {
            var steps: Int?
            var minutes: Double?
            var seed: String
            var learning_rate: Double
            var beta2: Double
            var patience: Int?
        }

        var format: Int
        var kind: String
        var weights: String
        var plan: Plan
        var sha256: [String: String]
    }

    private var plan: TrainingPlan {
        var plan = TrainingPlan(.steps(12), optimiser: AdamW(learningRate: 1e-3))
        plan.optimiser.beta2 = 0.98
        plan.warmup = 2
        plan.evaluationInterval = 4
        return plan
    }

    private func ngram(_ index: TinyIndex) -> NgramTraining {
        var training = NgramTraining(index.reader, plan: plan)
        training.threads = 2
        training.layers = 1
        training.validates = false
        training.options.batch = 16
        training.options.questionShare = 0.3
        return training
    }

    private func dense(_ index: TinyIndex, _ negatives: DenseNegatives) -> DenseTraining {
        var training = DenseTraining(index.reader, plan: plan)
        training.threads = 2
        training.options.batch = 16
        training.options.negatives = negatives
        training.options.negativeCount = 20
        return training
    }

    @Test(
        "PyTorch has the same losses, step after step",
        arguments: ["ngram", "dense-all", "dense-hard", "dense-static", "dense-mixed"])
    func losses(name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/trainer.json")
        let all = try JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: file))
        let expected = try #require(all[name])
        let index = try TinyIndex()
        let pairs = try index.pairs()
        let steps = Steps()
        if name == "ngram" {
            _ = try ngram(index).run(pairs, output: index.place("output"), steps.monitor)
        } else {
            let negatives = try #require(DenseNegatives(rawValue: String(name.dropFirst("dense-".count))))
            _ = try dense(index, negatives).run(pairs, output: index.place("output"), steps.monitor)
        }
        let (losses, heldOut) = (steps.losses, steps.heldOut)
        #expect(losses.count == 12 && expected.losses.count == 12)
        for (one, two) in zip(losses, expected.losses) { #expect(abs(one - two) < 1e-4 * two + 5e-5) }
        #expect(heldOut.count == 3 && expected.held_out.count == 3)
        for (one, two) in zip(heldOut, expected.held_out) { #expect(abs(one - two) < 1e-4 * two + 5e-5) }
    }

    private func job(_ folder: URL) throws -> Job {
        try JSONDecoder().decode(Job.self, from: Data(contentsOf: folder.appending(path: "job.json")))
    }

    @Test("A job of n-grams holds what the training is made of") func ngramJob() throws {
        let index = try TinyIndex()
        let (pairs, place) = (try index.pairs(), index.place("job"))
        try ngram(index).export(pairs, to: place)
        let job = try job(place)
        #expect(job.format == 1 && job.kind == "ngram" && job.weights == "F16")
        #expect(job.plan.steps == 12 && job.plan.minutes == nil && job.plan.seed == "1")
        #expect(job.plan.learning_rate == 0.001 && job.plan.beta2 == 0.98 && job.plan.patience == nil)
        #expect(
            job.sha256.keys.sorted() == ["data.safetensors", "encoder/model.safetensors", "start/model.safetensors"])
        let data = try Safetensors(contentsOf: place.appending(path: "data.safetensors"))
        #expect(try data.integers("pairs") == pairs.pairs.flatMap { [$0.query, $0.passage] })
        #expect(try data.integers("held_out") == pairs.heldOut.flatMap { [$0.query, $0.passage] })
        let offsets = try data.integers("queries.offsets").map(Int.init)
        #expect(data.entry("queries.offsets")?.type == .int64 && offsets.count == pairs.texts.count + 1)
        let encoder = try SentenceEncoder(directory: TinySample.encoder)
        let tokens = try data.integers("queries.tokens")
        for (place, text) in pairs.texts.enumerated() {
            #expect(Array(tokens[offsets[place]..<offsets[place + 1]]) == encoder.tokens(of: text, as: .query))
        }
        #expect(try data.integers("passages.offsets").count == index.engine.count + 1)
        #expect(try data.integers("read.offsets").count == index.engine.count + 1)
        #expect(try data.integers("vocabulary.special").reduce(0, +) > 0)
        _ = try GeneratorModel(directory: place.appending(path: "start"), encoder: encoder)
        #expect { try ngram(index).export(pairs, to: place) } throws: { "\($0)".contains("stands there already") }
    }

    @Test("A job of vectors holds what the training is made of") func denseJob() throws {
        let index = try TinyIndex()
        let (pairs, place) = (try index.pairs(), index.place("job"))
        try dense(index, .mixed).export(pairs, to: place)
        #expect(try job(place).kind == "dense")
        let data = try Safetensors(contentsOf: place.appending(path: "data.safetensors"))
        #expect(try data.integers("train.queries") == Array(Set(pairs.pairs.map(\.query))).sorted())
        let vectors = try data.floats("vectors", shape: [index.engine.count, 32]).toArray()
        let stored = try index.reader.components(DenseIndex.self).flatMap { $0.floats().toArray() }
        let areEqual = vectors == stored
        #expect(areEqual)
        // Nothing mined is a query's own passage.
        let (own, ownOffsets) = (
            try data.integers("train.passages.tokens"), try data.integers("train.passages.offsets")
        )
        let (mined, offsets) = (try data.integers("negatives.tokens"), try data.integers("negatives.offsets"))
        for query in 0..<offsets.count - 1 {
            let negatives = Set(mined[Int(offsets[query])..<Int(offsets[query + 1])])
            #expect(negatives.count == 20)
            #expect(negatives.isDisjoint(with: own[Int(ownOffsets[query])..<Int(ownOffsets[query + 1])]))
        }
        let start = try Data(contentsOf: place.appending(path: "start/model.safetensors"))
        let isTheEncoders = try start == Data(contentsOf: TinySample.encoder.appending(path: "model.safetensors"))
        #expect(isTheEncoders)
    }
}
