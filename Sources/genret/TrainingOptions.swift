import ArgumentParser
import Engine
import Foundation
import Indexer
import Learning
import Training

/// What all trainings are told.
struct TrainingOptions: ParsableArguments {
    @Option(help: "Labelled queries: JSON lines or a table.") var queries: String?
    @Option(help: "Judgements of the labelled queries.") var qrels: String?
    @Option(help: "Makers whose stored queries are trained on too, with commas; see \"genret queries make\".")
    var makers: String?
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
    @Flag(name: .shortAndLong, help: "No progress.") var quiet = false

    func validate() throws {
        guard (queries == nil) == (qrels == nil) else {
            throw ValidationError("--queries and --qrels go together")
        }
        guard minutes == nil || steps == nil else { throw ValidationError("either --minutes or --steps") }
        guard minutes.map({ $0 > 0 && $0.isFinite }) ?? true, steps.map({ $0 > 0 }) ?? true,
            batch.map({ (1...65_536).contains($0) }) ?? true,
            learningRate.map({ $0 > 0 && $0.isFinite }) ?? true, warmup.map({ $0 >= 0 }) ?? true,
            evaluate > 0, checkpointInterval.map({ $0 > 0 }) ?? true, patience.map({ $0 > 0 }) ?? true, (0...0.5).contains(heldOut), threads > 0
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
    func pairs(_ engine: Engine) throws -> QueryPairs {
        var pairs = QueryPairs()
        if let queries, let qrels {
            let unknown = try pairs.addLabelled(queries: queries, qrels: qrels, engine: engine)
            if unknown > 0 { ErrorMessage.note("\(unknown.grouped) judgements name no passage of the index") }
        }
        for maker in (makers ?? "").split(separator: ",").map(String.init) {
            guard try pairs.addMade(by: maker, engine: engine) != nil else {
                throw TrainingError.unfit(
                    "the index has no queries of \(maker); \"genret queries make\" makes some")
            }
        }
        pairs.holdOut(share: heldOut, limit: 1_000, seed: seed)
        return pairs
    }

    /// Trains a generator and says how it went, or writes the training as a job; then there is no outcome.
    func run(
        _ job: NgramTraining, _ pairs: QueryPairs, to destination: TrainingDestination
    ) throws -> NgramTraining.Outcome? {
        guard let output = destination.output else {
            try destination.export { try job.export(pairs, to: $0) }
            return nil
        }
        Interrupt.shared.listen(saying: "interrupted; the same command goes on from its last checkpoint")
        let outcome = try job.run(pairs, output: URL(filePath: output)) { progress in
            show(progress)
            if Interrupt.shared.isRaised { throw IndexingError.cancelled }
        }
        print("\(output): \(outcome.result.summary)")
        return outcome
    }

    /// One line that is rewritten on a terminal, a line an evaluation elsewhere.
    func show(_ progress: TrainingProgress) {
        guard !quiet, Terminal.errorIsTerminal || progress.heldOutLoss != nil || progress.step % 50 == 0 else { return }
        var parts = ["step \(progress.step.grouped)" + (progress.plannedSteps.map { " of \($0.grouped)" } ?? "")]
        parts.append("loss \(String(format: "%.4f", progress.loss))")
        if let loss = progress.heldOutLoss { parts.append("held out \(String(format: "%.4f", loss))") }
        parts.append("\(Int(progress.examplesPerSecond).grouped) examples/s")
        if let left = progress.secondsLeft { parts.append("\(left.asDuration) left") }
        let line = parts.joined(separator: "  ")
        if Terminal.errorIsTerminal {
            Terminal.error("\r\u{1B}[K" + line + (progress.heldOutLoss != nil ? "\n" : ""))
        } else {
            Terminal.error(line + "\n")
        }
    }
}
