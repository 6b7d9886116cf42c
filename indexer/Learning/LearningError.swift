/// A model cannot be trained, or a training run cannot go on.
public enum LearningError: Error, Sendable, CustomStringConvertible {
    /// A file is damaged or belongs to something else.
    case malformed(path: String, reason: String)
    /// The loss is no number: the learning rate is too high, or the data is faulty.
    case diverged(step: Int)

    public var description: String {
        switch self {
        case .malformed(let path, let reason): "\(path): \(reason)"
        case .diverged(let step):
            "the loss of step \(step) is not a number; a lower learning rate may help"
        }
    }
}
