import ArgumentParser
import Engine
import Foundation
import Indexer
import Learning
import Training

struct TrainQuestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qgen", abstract: "Train the generator of questions.",
        discussion: """
            A generator learns to write a passage's queries, and that a query is likelier given its own \
            passage than given others that are found for it. It then asks better questions ("genret queries \
            make --maker generator") and reranks better ("genret search --rerank"). It goes on writing spans \
            of passages, so that it does not forget them. Held-out queries confirm what was trained, or what \
            it started from stays. A training that was interrupted goes on where its output folder says it \
            stood.
            """)

    @Argument(help: "The index.") var index: String
    @OptionGroup var destination: TrainingDestination
    @Option(help: "A generator's folder to start from.") var start: String?
    @Option(help: "The layers of a new generator.") var layers = 4
    @Option(help: "Passages that a query's own is told from; 0 teaches only to write it.") var negatives = 3
    @Option(help: "The share of pairs that teach to write a span of the passage too.") var spanShare = 1.0
    @Flag(help: "Write what was trained, whether held-out queries confirm it or not.") var untried = false
    @OptionGroup var training: TrainingOptions

    func validate() throws {
        guard (1...24).contains(layers), (0...19).contains(negatives), (0...1).contains(spanShare) else {
            throw ValidationError("--layers is 1 to 24, --negatives 0 to 19, --span-share 0 to 1")
        }
    }

    func run() throws {
        let engine = try Engine.open(index)
        let pairs = try training.pairs(engine)
        var job = NgramTraining(
            engine, plan: training.plan(learningRate: 3e-4, minutes: 10), threads: training.threads)
        job.options.batch = training.batch ?? 32
        job.options.questionShare = 1
        job.options.questionNegatives = negatives
        job.options.spanShare = spanShare
        job.layers = layers
        job.start = start.map { URL(filePath: $0) }
        job.isTried = !untried
        job.trial = .loss
        guard let output = destination.output else { return try destination.export { try job.export(pairs, to: $0) } }
        Interrupt.shared.listen()
        let outcome = try job.run(pairs, output: URL(filePath: output)) { progress in
            training.show(progress)
            if Interrupt.shared.isRaised { throw IndexingError.cancelled }
        }
        print("\(output): \(outcome.result.summary)")
        try outcome.confirmation?.report(hasStart: start != nil)
    }
}

extension NgramTraining.Confirmation {
    /// Says what held-out queries found.
    ///
    /// - Throws: ``TrainingError`` where nothing was written.
    func report(hasStart: Bool) throws {
        let measure = trial == .search ? "MRR@10" : "loss"
        let found = String(
            format: "%@ of %d held-out queries: %.4f, %@ %.4f", measure, queries, trained,
            hasStart ? "before" : "untrained", start)
        if isConfirmed {
            print(found)
        } else if hasStart {
            print("\(found); what it started from stays")
        } else {
            throw TrainingError.unfit("\(found); the untrained generator is better, so none was written")
        }
    }
}
