import ArgumentParser
import Engine
import Foundation
import Learning
import Training

struct TrainNgramCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ngram", abstract: "Train the generator of n-grams.",
        discussion: """
            Queries learn to write spans of their passages, and titles. A training that was interrupted \
            goes on where its output folder says it stood. In the end held-out queries are searched with \
            what was trained and with what it started from, and the better one is written.
            """)

    @Argument(help: "The index.") var index: String
    @OptionGroup var destination: TrainingDestination
    @Option(help: "A generator's folder to start from.") var start: String?
    @Option(help: "The layers of a new generator.") var layers = 4
    @Option(help: "Tokens of a span.") var spanLength = 6
    @Flag(help: "Write what was trained, whether held-out queries confirm it or not.") var untried = false
    @Option(help: "The share of pairs that teach to write the query of a passage too.") var questionShare = 0.0
    @OptionGroup var training: TrainingOptions

    func validate() throws {
        guard (1...24).contains(layers), (1...31).contains(spanLength), (0...1).contains(questionShare) else {
            throw ValidationError("--layers is 1 to 24, --span-length 1 to 31, --question-share 0 to 1")
        }
    }

    func run() throws {
        let engine = try Engine.open(index)
        let pairs = try training.pairs(engine)
        var job = NgramTraining(
            engine, plan: training.plan(learningRate: 6e-4, minutes: 10), threads: training.threads)
        if let batch = training.batch { job.options.batch = batch }
        job.options.spanLength = spanLength
        job.options.questionShare = questionShare
        job.layers = layers
        job.start = start.map { URL(filePath: $0) }
        job.isTried = !untried
        guard let outcome = try training.run(job, pairs, to: destination) else { return }
        if let confirmation = outcome.confirmation { try report(confirmation) }
    }

    private func report(_ confirmation: NgramTraining.Confirmation) throws {
        let ranks = String(
            format: "MRR@10 of %d held-out queries: %.4f, %@ %.4f", confirmation.queries, confirmation.trained,
            start == nil ? "untrained" : "before", confirmation.start)
        if confirmation.isConfirmed {
            print(ranks)
        } else if start != nil {
            print("\(ranks); what it started from stays")
        } else {
            throw TrainingError.unfit("\(ranks); the untrained generator is better, so none was written")
        }
    }
}
