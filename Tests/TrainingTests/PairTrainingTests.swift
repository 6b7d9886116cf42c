import Corpora
import Foundation
import Learning
import SampleIndexes
import TestSupport
import Testing
import Training
import Transformers

@Suite("Training on pairs of texts") struct PairTrainingTests {
    private static func pairs() -> TextPairs {
        var pairs = TextPairs()
        let words = [
            "bread", "sea", "ferry", "salt", "yeast", "island", "oven", "gull", "flour", "harbour", "glass", "sand",
        ]
        for (place, word) in words.enumerated() {
            for form in ["what is \(word)", "tell me of \(word)"] {
                pairs.add(form, "number \(words[(place + 5) % words.count]) and \(place)")
            }
        }
        pairs.holdOut(share: 0.2, limit: 10, seed: 1)
        return pairs
    }

    private static func train(_ output: URL, threads: Int = 1, steps: Int = 6) throws -> PairTraining.Report {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 1e-3))
        plan.evaluationInterval = 3
        var training = PairTraining(start: TinySample.encoder, plan: plan)
        (training.options.batch, training.options.texts, training.threads) = (6, 2, threads)
        return try training.run(pairs(), output: output, .silent)
    }

    @Test("What is written is an encoder, never worse on held-out pairs than the start, the same with any threads")
    func training() throws {
        let folder = try TemporaryFolder()
        let (one, two) = (URL(filePath: folder.path("one")), URL(filePath: folder.path("two")))
        let report = try Self.train(one)
        _ = try Self.train(two, threads: 3)
        let (start, written) = (try #require(report.start), try #require(report.written))
        #expect(written.reciprocalRank >= start.reciprocalRank && (0...1).contains(report.share))
        #expect((0...1).contains(written.first))
        let weights = "model.safetensors"
        #expect(
            try Data(contentsOf: one.appending(path: weights)) == Data(contentsOf: two.appending(path: weights)))
        let (before, after) = (
            try SentenceEncoder(directory: TinySample.encoder), try SentenceEncoder(directory: one)
        )
        #expect(after.dimension == before.dimension)
        let texts = ["what is bread", "number sea and 3"].map { before.tokens(of: $0, as: .query) }
        #expect((after.encode(tokens: texts) == before.encode(tokens: texts)) == (report.share == 0))
    }

    @Test("It lowers its own loss") func learns() throws {
        let folder = try TemporaryFolder()
        let report = try Self.train(URL(filePath: folder.path("long")), steps: 60)
        let result = try #require(report.result)
        #expect(result.steps == 60 && result.bestStep ?? 0 > 0)
    }
}
