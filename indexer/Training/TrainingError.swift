/// What keeps a model from being trained.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
    /// The data and the model do not fit together, or one of them is not enough.
    case unfit(String)
    /// There are no pairs.
    case nothing

    public var description: String {
        switch self {
        case .unfit(let reason): reason
        case .nothing:
            "there is nothing to train on: name queries and judgements, or make queries with \"genret queries make\""
        }
    }
}
