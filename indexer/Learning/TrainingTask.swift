/// What a ``TrainingRun`` trains: a model and the loss of its batches.
///
/// A batch must depend on ``TrainingBatch`` and the task's own data alone, so that a run that was
/// interrupted goes on as if it had not been.
package protocol TrainingTask: AnyObject {
    /// All that is trained.
    var parameters: ParameterStore { get }

    /// Tells model and data from others: a state with another fingerprint is refused.
    var fingerprint: String { get }

    /// Computes the loss of a batch on the tape.
    func loss(of batch: TrainingBatch, on tape: Tape) throws -> TrainingLoss

    /// The loss on held-out data, on a tape that records no gradients; nil where there is none.
    ///
    /// A task with several batches clears the tape between them.
    func heldOutLoss(on tape: Tape) throws -> Double?
}

/// Which batch of a run is wanted.
package struct TrainingBatch: Sendable, Equatable {
    /// The step, from zero on.
    package let step: Int
    /// One of the batches whose gradients are accumulated in the step.
    package let part: Int
    /// A seed of this batch alone.
    package let seed: UInt64
}

/// The loss of a batch.
package struct TrainingLoss {
    /// A single number: the mean over the batch.
    package let loss: Variable
    /// How many examples the batch had, for reports.
    package let examples: Int

    package init(_ loss: Variable, examples: Int) {
        (self.loss, self.examples) = (loss, examples)
    }
}
