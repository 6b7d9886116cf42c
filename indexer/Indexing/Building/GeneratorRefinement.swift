import Engine
import Foundation
import IndexStore
import Learning
import Memory
import Search
import Storage
import Training
import Transformers

/// Gives a fresh index a generator: a base one, trained on for some steps with questions that it asks of the index's
/// own passages.
///
/// Nothing gets worse: of no generator, the base one and the refined one, that stays which finds the passages of
/// questions that were held out best; of equals the one named first that is trained. No label is needed.
public struct GeneratorRefinement {
    /// The base generator's folder.
    let base: URL
    let options: IndexOptions
    let encoder: SentenceEncoder
    let models: ModelCache

    /// How an index got its generator.
    public struct Report: Sendable {
        /// What stays in the index.
        public enum Choice: String, Sendable {
            case none, base, refined
        }

        public var choice: Choice
        /// Questions that were held out, and the mean reciprocal rank at 10 that n-grams give them without a
        /// generator and with each; refined is nil where nothing was trained.
        public var questions: Int
        public var none: Double
        public var base: Double
        public var refined: Double?
        /// Whether the minutes that were allowed ended the training before its last step.
        public var isCutShort = false
    }

    /// Passages that questions are asked of: so many, and more for every step.
    private static let passages = (least: 200, aStep: 4)

    static func passageCount(_ options: IndexOptions) -> Int {
        passages.least + options.trainSteps * passages.aStep
    }

    /// Fewer pairs teach nothing.
    private static let fewestPairs = 64

    init(_ base: URL, options: IndexOptions, encoder: SentenceEncoder, models: ModelCache) {
        (self.base, self.options, self.encoder, self.models) = (base, options, encoder, models)
    }

    /// Installs the generator that is best, with the fusion weights for it.
    ///
    /// - Throws: what its steps throw; the transaction is then as it was before.
    func run(_ transaction: inout IndexTransaction, _ clock: WorkClock) throws -> Report {
        let untouched = transaction.manifest
        let plain = try reader(transaction)
        _ = try GeneratorPart.install(base, in: &transaction, plain)
        let pairs = try askedPairs(&transaction, clock)
        clock.finish()
        let validation = try NgramValidation(plain, pairs, seed: options.seed, clock)
        var report = Report(
            choice: .base, questions: validation.count, none: try validation.meanReciprocalRank(nil),
            base: try validation.meanReciprocalRank(base))
        if options.trainSteps > 0, pairs.pairs.count >= Self.fewestPairs {
            let staging = try StagingFolder(in: FileManager.default.temporaryDirectory, prefix: "genret-training-")
            defer { staging.discard() }
            let folder = staging.url.appending(path: "generator")
            report.isCutShort = try train(plain, pairs, output: folder, clock)
            let refined = try validation.meanReciprocalRank(folder)
            report.refined = refined
            if refined > report.base {
                report.choice = .refined
                _ = try GeneratorPart.install(folder, in: &transaction, plain)
            }
        }
        if report.none > max(report.base, report.refined ?? 0) {
            report.choice = .none
            if let untouched { transaction.restore(untouched) }
        } else if options.pseudoQueries > 0 {
            let estimation = FusionEstimation(.init(count: options.pseudoQueries, seed: options.seed))
            try transaction.record(try estimation.run(reader(transaction), clock), as: FusionEstimation.id)
        }
        return report
    }

    /// The index as it is by now, with the encoder that is loaded already.
    private func reader(_ transaction: borrowing IndexTransaction) throws -> IndexReader {
        let reader = IndexReader(try transaction.preview(), models: models)
        reader.preload(IndexEncoder(encoder))
        return reader
    }

    /// Questions that the base generator asks, a part of them held out.
    private func askedPairs(_ transaction: inout IndexTransaction, _ clock: WorkClock) throws -> QueryPairs {
        let reader = try reader(transaction)
        var options = SyntheticQueryBuilder.Options()
        options.perPassage = 2
        options.passages = Self.passageCount(self.options)
        options.seed = self.options.seed
        let generator = try QueryGenerators.Name.generator.make(for: reader)
        _ = try SyntheticQueryBuilder(reader, options: options).run(generator, in: &transaction, clock)
        var pairs = QueryPairs()
        try pairs.addSynthetic(of: generator.name, index: self.reader(transaction))
        pairs.holdOut(share: 0.3, limit: 200, seed: self.options.seed)
        return pairs
    }

    /// - Returns: whether the allowed minutes ended it.
    private func train(_ index: IndexReader, _ pairs: QueryPairs, output: URL, _ clock: WorkClock) throws -> Bool {
        var plan = TrainingPlan(.steps(options.trainSteps), optimiser: AdamW(learningRate: 2e-4))
        plan.optimiser.beta2 = 0.98
        plan.warmup = 10
        plan.seed = options.seed
        plan.mostMinutes = options.trainMinutes
        var training = NgramTraining(index, plan: plan)
        training.options.batch = 96
        training.start = base
        training.validates = false
        let report = try training.run(pairs, output: output, clock.monitor)
        return report.result?.isCutShort ?? false
    }
}
