import ArgumentParser
import Engine
import Foundation
import Learning
import Training

struct TrainQuestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qgen", abstract: "Train the generator of questions.",
        discussion: """
            A generator learns to write a passage's queries: it then asks better questions ("genret queries \
            make --query-generator generator") and knows better how likely a query is ("genret search --rerank"). It \
            goes on writing spans of passages, so that it does not forget them. Of all weights those stay \
            under which held-out queries are likeliest, which may be those that it started from. A training \
            that was interrupted goes on where its output folder says it stood.
            """)

    @Argument(help: "The index.") var index: String
    @OptionGroup var destination: TrainingDestination
    @Option(help: "A generator's folder to start from.") var start: String?
    @Option(help: "The layers of a new generator.") var layers = 4
    @Option(help: "The share of pairs that teach to write a span of the passage too.") var spanShare = 1.0
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        guard (1...24).contains(layers), (0...1).contains(spanShare) else {
            throw ValidationError("--layers is 1 to 24, --span-share 0 to 1")
        }
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        var job = NgramTraining(reader, plan: training.plan(learningRate: 3e-4, minutes: 10))
        job.options.batch = training.batch ?? 64
        job.options.questionShare = 1
        job.options.spanShare = spanShare
        job.layers = layers
        job.start = start.map { URL(filePath: $0) }
        job.validates = false
        guard let report = try training.run(job, pairs, to: destination) else { return }
        if report.result?.bestStep == 0 { print("training has not helped: the weights are those of the start") }
    }
}
