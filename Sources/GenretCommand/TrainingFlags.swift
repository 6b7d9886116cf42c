import ArgumentParser
import Engine
import Foundation
import Learning
import Training

/// What all trainings are told.
struct TrainingFlags: ParsableArguments {
    @Option(help: "Labelled queries: JSON lines or a table.") var queries: String?
    @Option(help: "Judgements of the labelled queries.") var qrels: String?
    @Option(
        name: [.customLong("query-generators"), .customLong("makers")],
        help:
            "Query generators whose queries in the index are trained on too, with commas; see \"genret queries make\".")
    var queryGenerators: String?
    @Option(help: "Minutes that the training may take.") var minutes: Double?
    @Option(help: "Steps, instead of minutes.") var steps: Int?
    @Option(help: "Examples of a step.") var batch: Int?
    @Option(help: "The highest learning rate.") var learningRate: Float?
    @Option(help: "Steps until the learning rate is highest.") var warmup: Int?
    @Option(help: "Steps between measurements on held-out queries.") var evaluate = 200
    @Option(help: "Steps between checkpoints, from which an interrupted training goes on; as --evaluate.")
    var checkpointInterval: Int?
    @Option(help: "End after so many measurements without a gain.") var patience: Int?
    @Option(help: "The share of queries that is held out.") var heldOut = 0.02
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = ProcessInfo.processInfo.activeProcessorCount
    @OptionGroup var showing: ProgressFlags

    func validate() throws {
        guard (queries == nil) == (qrels == nil) else {
            throw ValidationError("--queries and --qrels go together")
        }
        guard minutes == nil || steps == nil else { throw ValidationError("either --minutes or --steps") }
        guard minutes.map({ $0 > 0 && $0.isFinite }) ?? true, steps.map({ $0 > 0 }) ?? true,
            batch.map({ (1...65_536).contains($0) }) ?? true,
            learningRate.map({ $0 > 0 && $0.isFinite }) ?? true, warmup.map({ $0 >= 0 }) ?? true,
            evaluate > 0, checkpointInterval.map({ $0 > 0 }) ?? true, patience.map({ $0 > 0 }) ?? true,
            (0...0.5).contains(heldOut), threads > 0
        else { throw ValidationError("numbers must be positive, --held-out is 0 to 0.5") }
    }

    func plan(learningRate standard: Float, minutes standardMinutes: Double) -> TrainingPlan {
        var plan = TrainingPlan(
            steps.map { .steps($0) } ?? .minutes(minutes ?? standardMinutes),
            optimiser: AdamW(learningRate: learningRate ?? standard))
        // As for the first transformers (Vaswani et al. 2017): short trainings forget the start sooner.
        plan.optimiser.beta2 = 0.98
        plan.seed = seed
        if let warmup { plan.warmup = warmup }
        plan.evaluationInterval = evaluate
        plan.checkpointInterval = checkpointInterval ?? evaluate
        plan.patience = patience
        return plan
    }

    /// The queries that the options name; what is missing is said on standard error.
    func pairs(_ index: IndexReader) throws -> QueryPairs {
        var pairs = QueryPairs()
        if let queries, let qrels {
            let unknown = try pairs.addLabelled(queries: queries, qrels: qrels, index: index)
            if unknown > 0 { ErrorMessage.note("\(unknown.grouped) judgements name no passage of the index") }
        }
        for generator in (queryGenerators ?? "").split(separator: ",").map(String.init) {
            try pairs.addSynthetic(of: generator, index: index)
        }
        pairs.holdOut(share: heldOut, limit: 1_000, seed: seed)
        return pairs
    }

    /// Trains into a folder and says how it went.
    func run<Kind: Training>(
        _ training: Kind, _ pairs: QueryPairs, output: String
    ) throws -> TrainingReport<Kind.Details> {
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from its last checkpoint")
        var training = training
        training.threads = threads
        let report = try training.run(
            pairs, output: URL(filePath: output), showing.monitor)
        if let result = report.result { print("\(output): \(result.summary)") }
        return report
    }

    /// Trains, or writes the training as a job; then there is no report.
    func run<Kind: ExportableTraining>(
        _ training: Kind, _ pairs: QueryPairs, to destination: TrainingDestination
    ) throws -> TrainingReport<Kind.Details>? {
        guard let output = destination.output else {
            try destination.export { try training.export(pairs, to: $0) }
            return nil
        }
        return try run(training, pairs, output: output)
    }
}

extension TrainingResult {
    /// Steps, time, and the best loss.
    var summary: String {
        let best = bestLoss.map { String(format: ", held-out loss %.4f after step %d", $0, bestStep ?? 0) }
        return "\(steps.grouped) steps in \(seconds.asDuration)\(best ?? "")"
    }
}
