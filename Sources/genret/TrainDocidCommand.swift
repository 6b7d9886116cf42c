import ArgumentParser
import Engine
import Foundation
import Indexer
import Learning
import Training

struct TrainDocidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docid", abstract: "Make docids of passages and their parts, and train a network to find them.",
        discussion: """
            Without queries nothing is trained, and the docids are those of the vectors alone. A training that \
            was interrupted goes on where its output folder says it stood.
            """)

    @Argument(help: "The index.") var index: String
    @Option(name: .shortAndLong, help: "Where the docids and the training's state go.") var output: String
    @Option(help: "A folder of another training, whose entries are used where they are the same.")
    var entries: String?
    @Option(help: "The network's layers.") var layers = 2
    @Option(help: "The probability with which a sublayer's output is dropped.") var dropout: Float = 0.1
    @OptionGroup(title: "docid options") var docids: DocidOptions
    @OptionGroup var training: TrainingOptions

    func validate() throws {
        guard (1...24).contains(layers), (0..<1).contains(dropout) else {
            throw ValidationError("--layers is 1 to 24, --dropout 0 to less than 1")
        }
        _ = try docids.recipe(seed: training.seed)
    }

    func run() throws {
        let engine = try Engine.open(index)
        let pairs = try training.pairs(engine)
        var job = DocidTraining(
            engine, plan: training.plan(learningRate: 5e-4, minutes: 10), threads: training.threads)
        if let batch = training.batch { job.options.batch = batch }
        job.options.dropout = dropout
        job.recipe = try docids.recipe(seed: training.seed)
        job.layers = layers
        job.entriesFrom = entries.map { [URL(filePath: $0)] } ?? []
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from its last checkpoint")
        let line = ProgressLine(isQuiet: training.quiet)
        let report = try job.run(
            pairs, output: URL(filePath: output), onEntries: { line.show($0) },
            isCancelled: { Interrupt.shared.isRaised }
        ) { progress in
            training.show(progress)
            if Interrupt.shared.isRaised { throw IndexingError.cancelled }
        }
        let levels = report.levels.map(\.grouped).joined(separator: " › ")
        print(
            docids.scheme.isAnchored
                ? "\(output): \(report.entries.grouped) entries, prefixes \(levels.isEmpty ? "none" : levels)"
                : "\(output): docids of \(report.entries.grouped) passages in \(levels) tokens")
        guard let result = report.training else {
            print("\(output): no queries were named, so nothing was trained")
            return
        }
        let best = result.bestLoss.map { String(format: ", held-out loss %.4f after step %d", $0, result.bestStep ?? 0) }
        print("\(output): \(result.steps.grouped) steps in \(result.seconds.asDuration)\(best ?? "")")
        guard let comparison = report.comparison else { return }
        let kept = comparison.isBetter ? "trained" : "training did not help and was not kept, so queries stay as they are"
        let beside = docids.scheme.isAnchored ? String(format: ", untrained %.4f: ", comparison.untrained) + kept : ""
        print(
            String(format: "%@: MRR@10 of %d held-out queries %.4f", output, comparison.queries, comparison.trained)
                + beside)
        print(
            String(
                format: "%@: planning ahead with BM25 at weight %.2f: %.4f", output, comparison.planAhead,
                comparison.planned))
    }
}
