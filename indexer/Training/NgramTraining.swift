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
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads: Int

    public init(_ engine: Engine, plan: TrainingPlan, threads: Int) {
        self.engine = engine
        self.plan = plan
        self.threads = threads
    }

    /// Trains, or goes on with the training whose state is in the output folder, and writes the weights.
    ///
    /// - Throws: ``TrainingError`` where the index has no encoder or there is nothing to train on;
    ///   ``LearningError`` and ``ModelError``; what `onProgress` throws.
    public func run(
        _ pairs: QueryPairs, output: URL, onProgress: (TrainingProgress) throws -> Void
    ) throws -> TrainingResult {
        let task = try task(pairs)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let run = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
        let result = try run.run(onProgress: onProgress)
        try task.network.write(to: output, as: elementType)
        return result
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
