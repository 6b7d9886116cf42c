import Engine
import Foundation
import Indexer
import Learning
import Storage
import Transformers

/// Gives a fresh index a generator: a general one, trained on for a while with questions that it asks of
/// the index's own passages.
///
/// Nothing gets worse: of the untrained generator, the general one and the refined one, that stays which
/// finds the passages of questions that were held out best; of equals the one named first that is trained.
/// No label is needed.
public struct GeneratorRefinement {
    /// What stays in the index.
    public enum Choice: String, Sendable { case untrained, general, refined }

    public struct Report: Sendable {
        public var choice: Choice
        /// Questions that were held out, and the mean reciprocal rank at 10 that each generator gives them;
        /// refined is nil where nothing was trained.
        public var questions: Int
        public var untrained: Double
        public var general: Double
        public var refined: Double?
    }

    /// What is going on.
    public enum Progress: Sendable {
        case questions(QueryBuilder.Progress)
        case training(TrainingProgress)
        case weights(IndexProgress)
    }

    /// The index's path.
    public let index: String
    /// The general generator's folder.
    public let general: URL
    /// How long it is trained on; 0 leaves it as it is.
    public var minutes: Double
    public var seed: UInt64 = 1
    public var threads: Int
    public var models = ModelCache.standard
    public var onProgress: @Sendable (Progress) -> Void = { _ in }
    public var isCancelled: @Sendable () -> Bool = { false }

    /// Passages that questions are asked of: so many, and more for every minute.
    static let passages = (least: 200, aMinute: 400)
    /// Fewer pairs teach nothing.
    static let fewestPairs = 64

    public init(_ index: String, general: URL, minutes: Double, threads: Int) {
        (self.index, self.general, self.minutes, self.threads) = (index, general, minutes, threads)
    }

    /// Makes questions, trains, chooses, and estimates the weights of the merge for what was chosen.
    ///
    /// - Throws: ``IndexingError``, ``EngineError``, ``TrainingError``, ``LearningError`` and ``ModelError``;
    ///   then the index answers as it did before.
    public func run() throws -> Report {
        try GeneratorInstall.install(general.path, into: index, models: models)
        do {
            let report = try refine()
            if report.choice == .untrained {
                try GeneratorInstall.remove(from: index)
            } else {
                try updateWeights()
            }
            return report
        } catch {
            _ = try? GeneratorInstall.remove(from: index)
            throw error
        }
    }

    private func refine() throws -> Report {
        let pairs = try askedPairs()
        let engine = try Engine.open(index, models: models)
        var trial = NgramTrial(engine, pairs, seed: seed, threads: threads)
        trial.isCancelled = isCancelled
        var report = Report(
            choice: .general, questions: trial.count, untrained: try trial.meanReciprocalRank(nil),
            general: try trial.meanReciprocalRank(general))
        if minutes > 0, pairs.pairs.count >= Self.fewestPairs {
            let staging = try StagingFolder(in: FileManager.default.temporaryDirectory, prefix: "genret-training-")
            defer { staging.discard() }
            let folder = staging.url.appending(path: "generator")
            try train(engine, pairs, output: folder)
            let refined = try trial.meanReciprocalRank(folder)
            report.refined = refined
            if refined > report.general {
                report.choice = .refined
                try GeneratorInstall.install(folder.path, into: index, models: models)
            }
        }
        if report.untrained > max(report.general, report.refined ?? 0) { report.choice = .untrained }
        return report
    }

    /// Questions that the general generator asks, a part of them held out.
    private func askedPairs() throws -> QueryPairs {
        let engine = try Engine.open(index, models: models)
        var options = QueryBuilder.Options()
        options.perPassage = 2
        options.passages = Self.passages.least + Int(minutes * Double(Self.passages.aMinute))
        options.seed = seed
        options.threads = threads
        var builder = QueryBuilder(engine, options: options)
        let onProgress = onProgress
        builder.onProgress = { onProgress(.questions($0)) }
        builder.isCancelled = isCancelled
        _ = try builder.run(QueryMakers.maker(.generator, for: engine))
        var pairs = QueryPairs()
        try pairs.addMade(by: QueryMakers.Name.generator.rawValue, engine: Engine.open(index, models: models))
        pairs.holdOut(share: 0.3, limit: 200, seed: seed)
        return pairs
    }

    private func train(_ engine: Engine, _ pairs: QueryPairs, output: URL) throws {
        var plan = TrainingPlan(.minutes(minutes), optimiser: AdamW(learningRate: 2e-4))
        plan.optimiser.beta2 = 0.98
        plan.warmup = 10
        plan.seed = seed
        var training = NgramTraining(engine, plan: plan, threads: threads)
        training.options.batch = 96
        training.start = general
        training.isTried = false
        _ = try training.run(pairs, output: output) {
            onProgress(.training($0))
            if isCancelled() { throw IndexingError.cancelled }
        }
    }

    private func updateWeights() throws {
        var update = FusionUpdate(try Engine.open(index, models: models))
        update.count = update.engine.manifest.options.pseudoQueries
        update.seed = seed
        let onProgress = onProgress
        update.onProgress = { onProgress(.weights($0)) }
        update.isCancelled = isCancelled
        guard update.count > 0 else { return }
        _ = try update.run()
    }
}
