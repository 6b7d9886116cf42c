/// What keeps a model from being trained.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
    /// The data and the model do not fit together, or one of them is not enough.
    case unfit(String)

    public var description: String {
        switch self {
        case .unfit(let reason): reason
        }
    }
}
