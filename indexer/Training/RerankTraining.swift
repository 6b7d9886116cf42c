import Engine
import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Trains the head by which a generator compares queries with passages: from queries and their passages to a
/// folder with the generator and its head, which ``GeneratorInstall`` puts into an index.
public struct RerankTraining: Sendable {
    public let engine: Engine
    public var plan: TrainingPlan
    public var options = RerankTask.Options()
    /// The generator that gets the head; one that it has is trained on.
    public var generator: URL
    public var threads: Int

    public init(_ engine: Engine, generator: URL, plan: TrainingPlan, threads: Int) {
        (self.engine, self.generator, self.plan, self.threads) = (engine, generator, plan, threads)
    }

    /// Trains, or goes on with the training whose state is in the output folder, and writes the generator with
    /// the weights of the head under which held-out queries tell their passages best.
    ///
    /// - Throws: ``TrainingError`` where the index has no encoder or there is nothing to train on;
    ///   ``LearningError`` and ``ModelError``; what `onProgress` throws.
    public func run(
        _ pairs: QueryPairs, output: URL, onProgress: (TrainingProgress) throws -> Void
    ) throws -> TrainingResult {
        guard let encoder = engine.queries.encoder else {
            throw TrainingError.unfit("\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        let model = try GeneratorModel(directory: generator, encoder: encoder)
        let file = try Safetensors(contentsOf: generator.appending(path: "model.safetensors"))
        let network =
            model.configuration.interacts
            ? try InteractionNetwork(width: model.configuration.width, from: file)
            : InteractionNetwork(width: model.configuration.width)
        let task = RerankTask(network, encoder: encoder, pairs: pairs, engine: engine, options: options)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let run = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
        let result = try run.run(onProgress: onProgress)
        try write(network, model.configuration, file, to: output)
        return result
    }

    private func write(
        _ network: InteractionNetwork, _ configuration: GeneratorConfiguration, _ file: Safetensors, to output: URL
    ) throws {
        var configuration = configuration
        configuration.interacts = true
        try OutputFile.write(configuration.json.bytes(), to: output.appending(path: "config.json").path)
        var writer = SafetensorsWriter()
        for entry in file.entries where network.parameters[entry.name] == nil {
            writer.add(
                entry.name, shape: entry.shape, try file.floats(entry.name, shape: entry.shape), as: entry.type)
        }
        network.parameters.add(to: &writer, as: .float16)
        try writer.write(to: output.appending(path: "model.safetensors"))
    }
}
