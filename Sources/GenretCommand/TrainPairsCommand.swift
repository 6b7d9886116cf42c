import ArgumentParser
import Corpora
import Engine
import Foundation
import Learning
import Training
import Transformers

struct TrainPairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Train an encoder on pairs of texts.",
        discussion: """
            Lines of a text, a tab and its target, or JSON with "anchor" and "positive": titles and skills, questions and answers, sentences \
            and translations. Texts of one target are a group and are not told from each other. The folder that is written is \
            an encoder: "genret model add" puts it into the cache, and "genret index --encoder" builds an index with it.
            """)

    @Argument(help: "The pairs.") var pairs: String
    @Option(name: .shortAndLong, help: "Where the encoder and the training's state go.") var output: String
    @Option(help: "The encoder to start from: a name of the cache, or a folder.") var start = "all-MiniLM-L6-v2"
    @Option(help: "The most texts of a target in a batch.") var texts = 4
    @Option(help: "What inner products are divided by.") var temperature: Float = 0.05
    @OptionGroup var training: TrainingFlags

    func validate() throws {
        guard (1...64).contains(texts), temperature > 0, temperature.isFinite else {
            throw ValidationError("--texts is 1 to 64, --temperature is positive")
        }
        guard training.queries == nil, training.queryGenerators == nil else {
            throw ValidationError(
                "pairs are all that this is trained on; it has no --queries and no --query-generators")
        }
    }

    func run() throws {
        var read = try TextPairs(path: pairs)
        read.holdOut(share: training.heldOut, limit: 1_000, seed: training.seed)
        var job = PairTraining(
            start: try ModelPlace(start).url, plan: training.plan(learningRate: 2e-5, minutes: 10))
        if let batch = training.batch { job.options.batch = batch }
        (job.options.texts, job.options.temperature, job.threads) = (texts, temperature, training.threads)
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from its last checkpoint")
        let report = try job.run(read, output: URL(filePath: output), training.showing.monitor)
        if let result = report.result { print("\(output): \(result.summary)") }
        print("\(read.count.grouped) pairs of \(read.groups.count.grouped) targets")
        guard let start = report.start, let written = report.written else { return }
        func text(_ quality: PairTraining.Quality) -> String {
            String(format: "MRR %.4f, first %.4f", quality.reciprocalRank, quality.first)
        }
        print("\(read.heldOut.count.grouped) targets held out: \(text(start)) before, \(text(written)) written")
        print(
            report.share == 0
                ? "training has not helped: the weights are those of the start"
                : "written: \(report.share) of the trained weights")
    }
}
