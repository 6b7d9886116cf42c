import Engine
import Foundation
import Learning
import Memory
import Storage
import Tensors
import Transformers

/// Trains the late-interaction head of a generator: from queries and their passages to a folder with the generator and
/// its head.
public struct RerankTraining: Training {
    public typealias Details = Void

    public let index: IndexReader
    public var plan: TrainingPlan
    public var options = Options()
    /// The generator that gets the head; one that it has is trained on.
    public var generator: URL
    public var threads = Parallel.cores

    public init(_ index: IndexReader, generator: URL, plan: TrainingPlan) {
        (self.index, self.generator, self.plan) = (index, generator, plan)
    }

    /// Trains and writes the generator with the weights of the head under which held-out queries tell their passages
    /// best.
    public func run(
        _ pairs: QueryPairs, output: URL, _ monitor: WorkMonitor
    ) throws -> TrainingReport<Void> {
        let encoder = try index.value(IndexEncoder.self).encoder
        guard !pairs.pairs.isEmpty else { throw TrainingError.nothing }
        let model = try GeneratorModel(directory: generator, encoder: encoder)
        let file = try Safetensors(contentsOf: generator.appending(path: "model.safetensors"))
        let network =
            model.configuration.interacts
            ? try InteractionNetwork(width: model.configuration.width, from: file)
            : InteractionNetwork(width: model.configuration.width)
        let task = try RerankTask(network, encoder: encoder, pairs: pairs, index: index, options: options)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        let run = try TrainingRun(task, plan, folder: output, team: ThreadTeam(threads: threads))
        let result = try run.run(monitor)
        try write(network, model.configuration, file, to: output)
        return TrainingReport(result: result, validation: nil, details: ())
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
