import ArgumentParser
import Docids
import Engine
import Foundation
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
    @OptionGroup(title: "docid options") var docids: DocidFlags
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        guard (1...24).contains(layers), (0..<1).contains(dropout) else {
            throw ValidationError("--layers is 1 to 24, --dropout 0 to less than 1")
        }
        _ = try docids.recipe(seed: training.seed)
    }

    func run() throws {
        let reader = try IndexReader.open(index)
        let pairs = try training.pairs(reader)
        var job = DocidTraining(reader, plan: training.plan(learningRate: 5e-4, minutes: 10))
        if let batch = training.batch { job.options.batch = batch }
        job.options.dropout = dropout
        job.recipe = try docids.recipe(seed: training.seed)
        job.layers = layers
        job.entriesFrom = entries.map { [URL(filePath: $0)] } ?? []
        let report = try training.run(job, pairs, output: output)
        let details = report.details
        let levels = details.levels.map(\.grouped).joined(separator: " › ")
        print(
            docids.scheme.isAnchored
                ? "\(output): \(details.entries.grouped) entries, prefixes \(levels.isEmpty ? "none" : levels)"
                : "\(output): docids of \(details.entries.grouped) passages in \(levels) tokens")
        guard report.result != nil else {
            print("\(output): no queries were named, so nothing was trained")
            return
        }
        guard let validation = details.validation else { return }
        let kept =
            validation.isBetter ? "trained" : "training did not help and was not accepted, so queries stay as they are"
        let beside =
            docids.scheme.isAnchored ? String(format: ", training-free %.4f: ", validation.untrained) + kept : ""
        print(
            String(format: "%@: MRR@10 of %d held-out queries %.4f", output, validation.queries, validation.trained)
                + beside)
        print(
            String(
                format: "%@: look-ahead of BM25 at weight %.2f: %.4f", output, validation.lookAhead,
                validation.withLookAhead))
    }
}
