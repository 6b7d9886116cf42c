import Memory
import Storage

/// How a model is trained.
public struct TrainingPlan: Sendable, Equatable {
    /// How long a run takes.
    public enum Length: Sendable, Equatable {
        case steps(Int)
        /// As many steps as are expected to fit, evaluations included. The number is fixed once some
        /// steps were measured, so that the schedule ends with them, and is part of the state.
        case minutes(Double)
    }

    public var length: Length
    /// Of all random choices.
    public var seed: UInt64 = 1
    public var optimiser: AdamW
    /// Steps until the learning rate is whole.
    public var warmup = 100
    /// What the norm of all gradients is cut to; nil for no bound.
    public var clip: Double? = 1
    /// Batches whose gradients make a step.
    public var accumulation = 1
    /// Steps between evaluations on held-out data.
    public var evaluationInterval = 200
    /// Steps between checkpoints, of runs that have a folder for them.
    public var checkpointInterval = 200
    /// Evaluations without a better loss after which a run ends; nil for never.
    public var patience: Int?

    /// Ends a run of a number of steps before the last one; nil for never. What it led to then depends on the
    /// machine, which ``TrainingResult/isCutShort`` says.
    public var mostMinutes: Double?

    public init(_ length: Length, optimiser: AdamW) {
        (self.length, self.optimiser) = (length, optimiser)
    }

    /// The steps that are measured before their number is fixed; the first two, which allocate and
    /// pack, do not count.
    static let measured = (first: 2, last: 12)

    /// The batch of a step, which depends on nothing else than the seed.
    func batch(step: Int, part: Int) -> TrainingBatch {
        var generator = SeededGenerator(seed: seed, stream: UInt64(step * accumulation + part) + 1)
        return TrainingBatch(step: step, part: part, seed: generator.next())
    }

    /// What must be the same for a run to go on.
    var json: JSONValue {
        let length: JSONValue =
            switch length {
            case .steps(let steps): .string("\(steps) steps")
            case .minutes(let minutes): .string("\(minutes) minutes")
            }
        return .object([
            .init("length", length), .init("seed", .string("\(seed)")),
            .init("learning_rate", .string("\(optimiser.learningRate)")),
            .init("weight_decay", .string("\(optimiser.weightDecay)")),
            .init("betas", .string("\(optimiser.beta1) \(optimiser.beta2)")),
            .init("epsilon", .string("\(optimiser.epsilon)")), .init("warmup", .number(Double(warmup))),
            .init("clip", clip.map { .string("\($0)") } ?? .null),
            .init("accumulation", .number(Double(accumulation))),
        ])
    }
}
