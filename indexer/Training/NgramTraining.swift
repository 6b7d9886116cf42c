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
    /// Whether held-out queries must confirm what was trained: where the n-gram retriever does not find
    /// their passages better than with the generator that training started from, or the untrained one,
    /// that one stays.
    public var isTried = true
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads: Int

    public init(_ engine: Engine, plan: TrainingPlan, threads: Int) {
        self.engine = engine
        self.plan = plan
        self.threads = threads
    }

    /// How a training ended.
    public struct Outcome: Sendable {
        public var result: TrainingResult
        /// Nil where nothing was tried.
        public var confirmation: Confirmation?
    }

    /// The mean reciprocal rank at 10 that held-out queries gave a training and what it started from.
    public struct Confirmation: Sendable {
        public var queries: Int
        public var start: Double
        public var trained: Double
        public var isConfirmed: Bool { trained > start }
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
        let run = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
        let result = try run.run(onProgress: onProgress)
        try task.network.write(to: output, as: elementType)
        return Outcome(result: result, confirmation: try confirm(pairs, output))
    }

    private func confirm(_ pairs: QueryPairs, _ output: URL) throws -> Confirmation? {
        guard isTried, options.spanShare > 0, !pairs.heldOut.isEmpty else { return nil }
        let trial = NgramTrial(engine, pairs, seed: plan.seed, threads: threads)
        let confirmation = Confirmation(
            queries: trial.count, start: try trial.meanReciprocalRank(start),
            trained: try trial.meanReciprocalRank(output))
        guard !confirmation.isConfirmed else { return confirmation }
        for name in IndexLayout.generatorFiles {
            let file = output.appending(path: name)
            try FileManager.default.removeItem(at: file)
            if let start { try FileManager.default.copyItem(at: start.appending(path: name), to: file) }
        }
        return confirmation
    }

    /// Writes the training as a job for the trainer in `trainer/`, instead of running it.
    ///
    /// - Throws: as ``run(_:output:onProgress:)``; ``TrainingError`` when something stands at the place.
    public func export(_ pairs: QueryPairs, to folder: URL) throws {
        try task(pairs).job(plan, elementType).write(to: folder)
    }

    private func task(_ pairs: QueryPairs) throws -> NgramTask {
        guard let encoder = engine.queries.encoder else {
            throw TrainingError.unfit("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        return try NgramTask(
            network(encoder), encoder: encoder, pairs: pairs, passages: PassageTokens(engine),
            options: options)
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
