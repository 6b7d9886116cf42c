import ArgumentParser
import Engine
import Foundation
import Learning
import Training

struct TrainDenseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dense", abstract: "Train the encoder of queries.",
        discussion: """
            Queries learn to find the vectors of their passages, which stay as they are. The weights that are \
            written lie between the encoder's own and the trained ones, where held-out queries find best; if \
            training has not helped, they are the encoder's own. A training that was interrupted goes on \
            where its output folder says it stood.
            """)

    @Argument(help: "The index.") var index: String
    @OptionGroup var destination: TrainingDestination
    @Option(help: "A query encoder's folder to start from.") var start: String?
    @Option(
        help: """
            What a query's passages are told from: all passages, hard ones found at every step, static ones \
            found once, or mixed: static, random and the batch's.
            """) var negatives = DenseNegatives.hard
    @Option(help: "How many, where they are not all.") var negativeCount = 200
    @Option(help: "Train only so many of the last layers.") var layers: Int?
    @Option(help: "What inner products are divided by.") var temperature: Float = 0.05
    @Option(help: LossFlag.help) var loss = LossFlag.usual
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        try LossFlag.check(loss)
        guard destination.export == nil || loss == LossFlag.usual else {
            throw ValidationError("an exported job has no --loss")
        }
        guard loss == LossFlag.usual || negatives != .all else {
            throw ValidationError("--negatives all has no other loss than \(LossFlag.usual)")
        }
        guard (1...10_000).contains(negativeCount), layers.map({ $0 > 0 }) ?? true, temperature > 0,
            temperature.isFinite
        else {
            throw ValidationError("--negative-count is 1 to 10000, --layers and --temperature are positive")
        }
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        var job = DenseTraining(reader, plan: training.plan(learningRate: 3e-5, minutes: 10))
        if let batch = training.batch { job.options.batch = batch }
        job.options.negatives = negatives
        job.options.loss = loss
        job.options.negativeCount = negativeCount
        job.options.layers = layers
        job.options.temperature = temperature
        job.start = start.map { URL(filePath: $0) }
        guard let details = try training.run(job, pairs, to: destination)?.details, !details.shares.isEmpty else {
            return
        }
        let measures = details.shares.map { "\($0.share) \(String(format: "%.4f", $0.reciprocalRank))" }
        print("MRR@10 of held-out queries by the share of trained weights: \(measures.joined(separator: ", "))")
        print(
            details.share == 0
                ? "training has not helped: the weights are those of the start"
                : "written: \(details.share) of the trained weights")
    }
}

extension DenseNegatives: ExpressibleByArgument {}
