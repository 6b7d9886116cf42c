import Engine
import Foundation
import Learning
import Ranking
import Tensors
import Transformers

/// Trains a generator for an index: from queries and their passages to a folder that
/// ``GeneratorInstall`` puts into the index.
public struct NgramTraining: Sendable {
    public let engine: Engine
    public var plan: TrainingPlan
    public var options = NgramTask.Options()
    /// The layers of a new generator.
    public var layers = 4
    /// The generator that training starts from; nil starts from random weights.
    public var start: URL?
    /// Whether held-out queries must confirm what was trained: where ``trial`` does not find it better than
    /// the generator that training started from, or for a search the untrained one, that one stays.
    public var isTried = true
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads: Int

    public init(_ engine: Engine, plan: TrainingPlan, threads: Int) {
        self.engine = engine
        self.plan = plan
        self.threads = threads
    }

    /// What tries a training.
    public enum Trial: Sendable {
        /// Held-out queries are searched with n-grams.
        case search
        /// Their loss.
        case loss
    }

    public var trial = Trial.search

    /// How a training ended.
    public struct Outcome: Sendable {
        public var result: TrainingResult
        /// Nil where nothing was tried.
        public var confirmation: Confirmation?
    }

    /// What held-out queries gave a training and what it started from: the mean reciprocal rank at 10 or the
    /// loss.
    public struct Confirmation: Sendable {
        public var trial: Trial
        public var queries: Int
        public var start: Double
        public var trained: Double

        public var isConfirmed: Bool { trial == .search ? trained > start : trained < start }
    }

    /// Trains, or goes on with the training whose state is in the output folder, and writes the weights: the
    /// start's where held-out queries do not confirm the trained ones, and none where there was no start.
    ///
    /// - Throws: ``TrainingError`` where the index has no encoder or there is nothing to train on;
    ///   ``LearningError`` and ``ModelError``; what `onProgress` throws.
    public func run(
        _ pairs: QueryPairs, output: URL, onProgress: (TrainingProgress) throws -> Void
    ) throws -> Outcome {
        let task = try task(pairs)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let team = ThreadTeam(threads: threads)
        let startLoss = try isTried && trial == .loss && start != nil ? heldOutLoss(task, team) : nil
        let result = try TrainingRun(task, plan, folder: output, team: team).run(onProgress: onProgress)
        try task.network.write(to: output, as: elementType)
        let confirmation: Confirmation? =
            if let startLoss, let loss = result.bestLoss {
                Confirmation(trial: .loss, queries: pairs.heldOut.count, start: startLoss, trained: loss)
            } else if isTried, trial == .search, options.spanShare > 0, !pairs.heldOut.isEmpty {
                try searched(pairs, output)
            } else {
                nil
            }
        if let confirmation, !confirmation.isConfirmed { try restoreStart(in: output) }
        return Outcome(result: result, confirmation: confirmation)
    }

    private func heldOutLoss(_ task: NgramTask, _ team: ThreadTeam) throws -> Double? {
        let tape = Tape(team: team)
        tape.recordsGradients = false
        return try task.heldOutLoss(on: tape)
    }

    private func searched(_ pairs: QueryPairs, _ output: URL) throws -> Confirmation {
        let trial = NgramTrial(engine, pairs, seed: plan.seed, threads: threads)
        return Confirmation(
            trial: .search, queries: trial.count, start: try trial.meanReciprocalRank(start),
            trained: try trial.meanReciprocalRank(output))
    }

    private func restoreStart(in output: URL) throws {
        for name in IndexLayout.generatorFiles {
            let file = output.appending(path: name)
            try FileManager.default.removeItem(at: file)
            if let start { try FileManager.default.copyItem(at: start.appending(path: name), to: file) }
        }
    }

    /// Writes the training as a job for the trainer in `trainer/`, instead of running it.
    ///
    /// - Throws: as ``run(_:output:onProgress:)``; ``TrainingError`` when something stands at the place.
    public func export(_ pairs: QueryPairs, to folder: URL) throws {
        guard options.questionNegatives == 0 else {
            throw TrainingError.unfit("a job cannot look for passages that questions are told from; export without them")
        }
        try task(pairs).job(plan, elementType).write(to: folder)
    }

    private func task(_ pairs: QueryPairs) throws -> NgramTask {
        guard let encoder = engine.queries.encoder else {
            throw TrainingError.unfit("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        return try NgramTask(network(encoder), encoder: encoder, pairs: pairs, engine: engine, options: options)
    }

    private func network(_ encoder: SentenceEncoder) throws -> GeneratorNetwork {
        let words = Parameter(
            name: "words", shape: [encoder.configuration.vocabularySize, encoder.dimension],
            encoder.wordEmbeddings, isFrozen: true)
        if let start { return try GeneratorNetwork(contentsOf: start, words: words) }
        return GeneratorNetwork(
            .init(
                encoder: encoder.directory.lastPathComponent, width: encoder.dimension, layerCount: layers,
                headCount: encoder.headCount, feedForwardWidth: 4 * encoder.dimension,
                vocabularySize: encoder.configuration.vocabularySize),
            words: words, seed: plan.seed)
    }
}
