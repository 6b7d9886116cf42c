import Memory

/// One sample of a batch as it grows.
struct SamplePath<ModelState, Rule: Constraint> {
    private let constraint: Rule
    private var workspace: Rule.Workspace
    private var generator: SeededGenerator
    private var state: Rule.State
    private(set) var modelState: ModelState
    private(set) var tokens: [Int32] = []
    private var stepLogProbs: [Float] = []
    private(set) var ending: Sampling.Ending?

    init(_ start: ModelState, _ constraint: Rule, _ generator: SeededGenerator) {
        self.constraint = constraint
        self.generator = generator
        workspace = constraint.makeWorkspace()
        state = constraint.initialState
        modelState = start
    }

    /// Draws one token from a row of scores, to which all rules but the constraint's are applied.
    mutating func step<Model: StepModel>(
        _ model: Model, _ scores: StepScores, row: Int, asGiven: StepScores, _ options: Sampling.Options
    ) where Model.State == ModelState {
        let choices = choices(scores, row, options)
        let distribution = SampleDistribution(choices.map(\.logProb), options)
        guard let choice = distribution.draw(&generator).map({ choices[$0] }) else {
            ending = .nothingAllowed
            return
        }
        tokens.append(choice.token)
        stepLogProbs.append(asGiven.logProb(of: choice.token, inRow: row))
        state = choice.state
        if options.ends.contains(choice.token) || constraint.isComplete(state) {
            ending = .whole
        } else if tokens.count == options.maximumLength {
            ending = .length
        } else {
            modelState = model.advance(modelState, by: choice.token)
        }
    }

    /// The tokens that may be drawn: those allowed, or the best of them, score falling, then token
    /// rising.
    private mutating func choices(
        _ scores: StepScores, _ row: Int, _ options: Sampling.Options
    ) -> [Candidate<Rule.State>] {
        let most = options.temperature > 0 ? options.topK : 1
        if most > 0, most < constraint.branching(of: state) {
            return constraint.best(
                most, of: [.init(row: row, logProb: 0, state: state)], in: scores, minimum: -.infinity,
                workspace: &workspace)
        }
        let (tokens, states) = constraint.allowed(in: state)
        let possible = zip(scores.logProbs(of: tokens, inRow: row), zip(tokens, states))
            .filter { $0.0 > -.infinity }
            .map { Candidate(beam: 0, token: $1.0, logProb: $0, state: $1.1) }
            .sorted(by: Candidate.precedes)
        return most > 0 ? Array(possible.prefix(most)) : possible
    }

    var result: Sampling.Result {
        .init(tokens: tokens, stepLogProbs: stepLogProbs, ending: ending ?? .length)
    }
}
