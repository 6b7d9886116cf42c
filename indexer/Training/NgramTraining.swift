import Engine
import Foundation
import Learning
import Memory
import Ranking
import Tensors
import Transformers

/// Trains a generator for an index: from queries and their passages to a folder with a generator.
public struct NgramTraining: ExportableTraining {
    public typealias Details = Void

    public let index: IndexReader
    public var plan: TrainingPlan
    public var options = Options()
    /// The layers of a new generator.
    public var layers = 4
    /// The generator that training starts from; nil starts from random weights.
    public var start: URL?
    /// Whether held-out queries must accept what was trained: where n-grams do not find their passages better than
    /// with the generator that training started from, or without any, that one stays.
    public var validates = true
    /// How the weights are stored.
    public var elementType = Safetensors.ElementType.float16
    public var threads = Parallel.cores

    public init(_ index: IndexReader, plan: TrainingPlan) { (self.index, self.plan) = (index, plan) }

    /// Trains and writes the weights: the start's where held-out queries do not accept the trained ones, and none where
    /// there was no start.
    public func run(
        _ pairs: QueryPairs, output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Void> {
        let task = try task(pairs)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let run = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
        let result = try run.run(monitor)
        try task.network.write(to: output, as: elementType)
        return TrainingReport(result: result, validation: try validate(pairs, output, monitor), details: ())
    }

    private func validate(_ pairs: QueryPairs, _ output: URL, _ monitor: WorkMonitor) throws -> TrainingValidation? {
        guard validates, options.spanShare > 0, !pairs.heldOut.isEmpty else { return nil }
        let held = try NgramValidation(index, pairs, seed: plan.seed, threads: threads, WorkClock(monitor))
        let validation = TrainingValidation(
            queries: held.count, start: try held.meanReciprocalRank(start), trained: try held.meanReciprocalRank(output)
        )
        guard !validation.isAccepted else { return validation }
        for name in GeneratorPart.files {
            let file = output.appending(path: name)
            try FileManager.default.removeItem(at: file)
            if let start { try FileManager.default.copyItem(at: start.appending(path: name), to: file) }
        }
        return validation
    }

    public func export(_ pairs: QueryPairs, to folder: URL) throws {
        try task(pairs).job(plan, elementType).write(to: folder)
    }

    private func task(_ pairs: QueryPairs) throws -> NgramTask {
        let encoder = try index.value(IndexEncoder.self).encoder
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        return try NgramTask(
            network(encoder), encoder: encoder, pairs: pairs, passages: PassageTokens(index),
            negatives: options.rankShare > 0 ? FoundNegatives(index, pairs) : nil, options: options)
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
