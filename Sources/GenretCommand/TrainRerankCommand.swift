import ArgumentParser
import Engine
import Foundation
import Learning
import Training
import Transformers

struct TrainRerankCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerank", abstract: "Train how a generator compares a query with a passage.",
        discussion: """
            A head over the encoder's states of a query and a passage learns to tell the query's passages from \
            negatives that are found for it. It is written with the generator, which stays as it is; \
            "genret part set" puts both into an index, where they rerank what the fusion finds first. A \
            training that was interrupted goes on where its output folder says it stood.
            """)

    @Argument(help: "The index.") var index: String
    @Option(name: .shortAndLong, help: "Where the weights and the training's state go.") var output: String
    @Option(help: "The folder of the generator that gets the head; the base one by default.") var generator: String?
    @Option(help: "Negatives of a query.") var negatives = 8
    @Option(help: LossFlag.help) var loss = LossFlag.usual
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        try LossFlag.check(loss)
        guard (1...19).contains(negatives) else { throw ValidationError("--negatives is 1 to 19") }
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        let general = ModelCache.standard.directory(of: GeneratorConfiguration.general)
        guard let folder = generator.map({ URL(filePath: $0) }) ?? general else {
            throw ErrorMessage.Failure(sentence: "the base generator is not installed; --generator names another")
        }
        var job = RerankTraining(
            reader, generator: folder, plan: training.plan(learningRate: 3e-4, minutes: 10))
        if let batch = training.batch { job.options.batch = batch }
        job.options.negatives = negatives
        job.options.loss = loss
        let report = try training.run(job, pairs, output: output)
        if report.result?.bestStep == 0 { print("training has not helped: the head is that of the start") }
    }
}
