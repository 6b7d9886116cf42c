import ArgumentParser
import Engine
import Foundation
import Indexer
import Learning
import Training
import Transformers

struct TrainRerankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerank", abstract: "Train how a generator compares a query with a passage.",
        discussion: """
            A head over the encoder's states of a query and a passage learns to tell the query's passages from \
            others that are found for it. It is written with the generator, which stays as it is; \
            "genret generator set" puts both into an index, where they rerank what the merge finds first. A \
            training that was interrupted goes on where its output folder says it stood.
            """)

    @Argument(help: "The index.") var index: String
    @Option(name: .shortAndLong, help: "Where the weights and the training's state go.") var output: String
    @Option(help: "The folder of the generator that gets the head; the general one by default.") var generator: String?
    @Option(help: "Passages that a query's own is told from.") var negatives = 8
    @OptionGroup var training: TrainingOptions

    func validate() throws {
        guard (1...19).contains(negatives) else { throw ValidationError("--negatives is 1 to 19") }
    }

    func run() throws {
        let engine = try Engine.open(index)
        let pairs = try training.pairs(engine)
        let general = ModelCache.standard.directory(of: GeneratorConfiguration.general)
        guard let folder = generator.map({ URL(filePath: $0) }) ?? general else {
            throw TrainingError.unfit("the general generator is not installed; --generator names another")
        }
        var job = RerankTraining(
            engine, generator: folder, plan: training.plan(learningRate: 3e-4, minutes: 10), threads: training.threads)
        if let batch = training.batch { job.options.batch = batch }
        job.options.negatives = negatives
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from its last checkpoint")
        let result = try job.run(pairs, output: URL(filePath: output)) { progress in
            training.show(progress)
            if Interrupt.shared.isRaised { throw IndexingError.cancelled }
        }
        print("\(output): \(result.summary)")
        if result.bestStep == 0 { print("training has not helped: the head is that of the start") }
    }
}
