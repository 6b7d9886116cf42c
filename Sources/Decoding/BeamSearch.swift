/// Beam search under a constraint, with memory of all partial hypotheses.
///
/// Each step takes the 2B best allowed extensions of all beams together, keeps every one in memory
/// and goes on with the first B that are not complete (the rule of SEAL's searcher). A beam without
/// an allowed token dies; nothing is ever emitted in its place, so every hypothesis is a prefix that
/// the constraint allows. Extensions are ordered by score falling, then by beam, then by token
/// rising, which makes the result independent of how the candidates were found.
public struct BeamSearch: Sendable {
    public struct Options: Sendable {
        /// The number of beams, B.
        public var beams = 15
        /// The number of tokens after which the search ends.
        public var maximumLength = 10
        /// A prefix that the model gives less than this log-probability is dropped.
        public var minimumLogProb = -Float.infinity

        public init(beams: Int = 15, maximumLength: Int = 10, minimumLogProb: Float = -.infinity) {
            self.beams = beams
            self.maximumLength = maximumLength
            self.minimumLogProb = minimumLogProb
        }
    }

    public var options: Options

    public init(_ options: Options) { self.options = options }

    /// Runs the search.
    ///
    /// - Returns: every hypothesis kept, in the order it was found: by length, then by score.
    public func run<Model: StepModel, Rule: Constraint>(
        _ model: Model, _ constraint: Rule
    ) -> [Hypothesis<Rule.State>] {
        guard options.beams > 0, options.maximumLength > 0 else { return [] }
        var arena = HypothesisArena<Rule.State>()
        var beams: [Beam<Model.State, Rule.State>] = [
            Beam(entry: -1, logProb: 0, model: model.initialState, rule: constraint.initialState)
        ]
        var scores = StepScores()
        var candidates = CandidateList<Rule.State>(capacity: 2 * options.beams)
        for _ in 0..<options.maximumLength {
            scores.removeAll()
            model.score(beams.map(\.model), into: &scores)
            candidates.removeAll()
            for (index, beam) in beams.enumerated() {
                candidates.extend(
                    beam: index, logProb: beam.logProb, state: beam.rule, row: scores.rows[index],
                    scores: scores, constraint: constraint, minimum: options.minimumLogProb)
            }
            let best = candidates.sorted()
            guard !best.isEmpty else { break }
            var next: [Beam<Model.State, Rule.State>] = []
            for candidate in best {
                let parent = beams[candidate.beam]
                let isComplete = constraint.isComplete(candidate.state)
                let entry = arena.append(
                    .init(
                        parent: parent.entry, token: candidate.token, logProb: candidate.logProb,
                        stepLogProb: candidate.logProb - parent.logProb, state: candidate.state,
                        isComplete: isComplete))
                if !isComplete, next.count < options.beams {
                    next.append(
                        Beam(
                            entry: entry, logProb: candidate.logProb,
                            model: model.advance(parent.model, by: candidate.token),
                            rule: candidate.state))
                }
            }
            beams = next
            if beams.isEmpty { break }
        }
        return arena.entries.indices.map(arena.hypothesis)
    }

    private struct Beam<ModelState, RuleState> {
        var entry: Int32
        var logProb: Float
        var model: ModelState
        var rule: RuleState
    }
}
