/// What keeps a model from being trained.
public enum TrainingError: Error, Sendable, Equatable {
    /// There are no pairs of queries and passages.
    case nothing
    /// The index holds no queries of a query generator.
    case noQueries(generator: String, index: String)
    /// Only encoders whose vectors are means of all states can be trained.
    case poolsOtherwise(index: String)
    /// The encoder has fewer layers than are to be trained.
    case fewerLayers(of: Int)
    /// A generator has not the task that a training teaches.
    case noTask(String)
    /// A generator was not trained for passages.
    case writesNoPassages(path: String)
    /// Options of docids are out of their ranges.
    case impossibleDocids
    /// Held-out queries find better without what was trained, and there is nothing that could be kept instead.
    case notAccepted(TrainingValidation)
    /// Something stands where a job is to be written.
    case taken(path: String)
    /// None of the queries that are to be measured is judged.
    case noneJudged
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "there is nothing to train on: name queries and judgements, or query generators"
        case .noQueries(let generator, let index): "\(index): it holds no queries of \(generator)"
        case .poolsOtherwise(let index): "\(index): only encoders whose vectors are means of all states can be trained"
        case .fewerLayers(let count): "the encoder has \(count) layers"
        case .noTask(let name): "the generator has no task \"\(name)\""
        case .writesNoPassages(let path): "\(path): the generator was not trained for passages"
        case .impossibleDocids: "the docids' options are impossible"
        case .notAccepted(let validation):
            "\(validation.summary(start: "training-free")); n-grams are better without a generator, so none was written"
        case .taken(let path): "\(path): stands there already; choose another place"
        case .noneJudged: "the judgements name none of the test queries"
        }
    }
}
