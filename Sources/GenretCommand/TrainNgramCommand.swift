import ArgumentParser
import Engine
import Foundation
import Learning
import Training
import Transformers

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
    @Option(help: "A generator to start from: a folder, or a name in the model cache.") var start: String?
    @Option(help: "The layers of a new generator.") var layers = 4
    @Option(help: "Tokens of a span.") var spanLength = 6
    @Option(help: "What words shared with the query count beside a span; above 1, spans of what it lacks are favoured.")
    var besideWeight: Float = 0.5
    @Flag(
        name: [.customLong("no-validate"), .customLong("untried")],
        help: "Write what was trained, whether held-out queries accept it or not.") var noValidate = false
    @Option(help: "The share of pairs that teach to write the query of a passage too.") var questionShare = 0.0
    @Option(
        help: """
            The share of queries whose span is ranked against spans of passages that BM25 and the encoder find \
            first; 0 teaches likelihood alone.
            """) var rankShare = 0.0
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        guard (1...24).contains(layers), (1...31).contains(spanLength), (0...1).contains(questionShare),
            (0...100).contains(besideWeight), (0...1).contains(rankShare)
        else {
            throw ValidationError(
                """
                --layers is 1 to 24, --span-length 1 to 31, --question-share 0 to 1, --rank-share 0 to 1, \
                --beside-weight 0 to 100
                """)
        }
        guard destination.export == nil || rankShare == 0 else {
            throw ValidationError("an exported job has no --rank-share")
        }
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        var job = NgramTraining(reader, plan: training.plan(learningRate: 6e-4, minutes: 10))
        if let batch = training.batch { job.options.batch = batch }
        job.options.spanLength = spanLength
        job.options.questionShare = questionShare
        job.options.besideWeight = besideWeight
        job.options.rankShare = rankShare
        job.layers = layers
        job.start = start.map { ModelCache.standard.directory(of: $0) ?? URL(filePath: $0) }
        job.validates = !noValidate
        guard let report = try training.run(job, pairs, to: destination) else { return }
        if let validation = report.validation { try say(validation) }
    }

    private func say(_ validation: TrainingValidation) throws {
        guard validation.isAccepted || start != nil else { throw TrainingError.notAccepted(validation) }
        let figures = validation.summary(start: start == nil ? "training-free" : "before")
        print(validation.isAccepted ? figures : "\(figures); what it started from stays")
    }
}
