import Engine
import Foundation
import Learning
import Memory

/// Trains a model for an index: from queries and their passages to a folder, from which the model is put into the
/// index.
///
/// A training that was interrupted goes on where its output folder says it stood. What is written is never worse on
/// held-out queries than what it started from, as far as the training can tell.
public protocol Training: Sendable {
    /// What there is to say of such a training besides its report.
    associatedtype Details: Sendable

    var index: IndexReader { get }
    var plan: TrainingPlan { get set }
    var threads: Int { get set }

    /// Trains, validates, and writes the folder.
    ///
    /// - Throws: ``TrainingError`` where the index or the queries are not fit for it; `LearningError`, `ModelError`,
    ///   `StorageError`; `Cancelled`.
    func run(_ pairs: QueryPairs, output: URL, _ monitor: WorkMonitor) throws -> TrainingReport<Details>
}

/// A training that another program can run: the trainer in `trainer/` does so with PyTorch.
public protocol ExportableTraining: Training {
    /// Writes the training as a job instead of running it.
    ///
    /// - Throws: as ``Training/run(_:output:_:)``; ``TrainingError`` when something stands at the place.
    func export(_ pairs: QueryPairs, to folder: URL) throws
}

/// How a training ended.
public struct TrainingReport<Details: Sendable>: Sendable {
    /// Nil where there was nothing to train on.
    public var result: TrainingResult?
    /// Nil where nothing was validated.
    public var validation: TrainingValidation?
    public var details: Details

    public init(result: TrainingResult?, validation: TrainingValidation?, details: Details) {
        (self.result, self.validation, self.details) = (result, validation, details)
    }
}

/// What held-out queries say of a training: the mean reciprocal rank at 10 of their passages.
public struct TrainingValidation: Sendable, Equatable {
    /// How many queries.
    public var queries: Int
    /// With what the training started from.
    public var start: Double
    /// With what it led to.
    public var trained: Double

    public init(queries: Int, start: Double, trained: Double) {
        (self.queries, self.start, self.trained) = (queries, start, trained)
    }

    /// Whether what was trained was written, and not what it started from.
    public var isAccepted: Bool { trained > start }

    /// The figures in words.
    ///
    /// - Parameter name: what the training started from.
    public func summary(start name: String) -> String {
        let figures = [trained, start].map { String(format: "%.4f", $0) }
        return "MRR@10 of \(queries) held-out queries: \(figures[0]), \(name) \(figures[1])"
    }
}

extension TrainingRun {
    /// Trains to the end, and says where it stands after every step.
    ///
    /// - Throws: `Cancelled`, and as ``run(onProgress:)``.
    func run(_ monitor: WorkMonitor) throws -> TrainingResult {
        try run { progress in
            monitor.report(WorkProgress(progress))
            try monitor.cancellation.throwIfRaised()
        }
    }
}

extension WorkProgress {
    /// A training's step.
    fileprivate init(_ progress: TrainingProgress) {
        let steps = progress.plannedSteps
        var parts = ["loss \(Self.short(progress.loss))"]
        if let loss = progress.heldOutLoss { parts.append("held out \(Self.short(loss))") }
        parts.append("\(Int(progress.examplesPerSecond)) examples/s")
        self.init(
            stage: "training", fraction: steps.map { Double(progress.step) / Double(max(1, $0)) }, count: progress.step,
            unit: steps.map { "of \($0) steps" } ?? "steps", seconds: progress.seconds,
            isFinished: progress.step == steps, detail: parts.joined(separator: "  "))
        isMilestone = progress.heldOutLoss != nil || progress.step % 50 == 0
    }

    private static func short(_ loss: Double) -> String { String(format: "%.4f", loss) }
}
