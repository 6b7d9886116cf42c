/// Where a run stands, after each step.
package struct TrainingProgress: Sendable, Equatable {
    /// Steps that are done.
    package var step: Int
    /// All steps; nil until their number is fixed.
    package var plannedSteps: Int?
    /// Of the step's batches, before the step.
    package var loss: Double
    /// On held-out data, where this step was followed by an evaluation.
    package var heldOutLoss: Double?
    /// The norm of the gradients before they were cut.
    package var gradientNorm: Double
    package var learningRate: Float
    /// Of the last steps.
    package var examplesPerSecond: Double
    /// Of all parts of the run together.
    package var seconds: Double
    /// Until the end; nil until the number of steps is fixed.
    package var secondsLeft: Double?
}

/// How a run ended.
public struct TrainingResult: Sendable, Equatable {
    /// Steps that were done, those before a resumption included.
    public var steps: Int
    /// The best held-out loss, whose weights the parameters now have; nil without held-out data.
    public var bestLoss: Double?
    /// The step after which it was measured.
    public var bestStep: Int?
    /// Whether the run ended because nothing improved any more.
    public var endedEarly: Bool
    /// Whether the minutes that were allowed ended it before its last step.
    public var isCutShort: Bool
    /// Seconds of all parts of the run together.
    public var seconds: Double
}
