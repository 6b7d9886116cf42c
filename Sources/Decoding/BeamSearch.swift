import Memory

/// Beam search under a constraint, with memory of all partial hypotheses.
///
/// Each step takes the 2B best allowed extensions of all beams together, keeps every one in memory
/// and goes on with the first B that are not complete (the rule of SEAL's searcher). A beam without
/// an allowed token dies; nothing is ever emitted in its place, so every hypothesis is a prefix that
/// the constraint allows. Extensions are ordered by score falling, then by beam, then by token
/// rising, which makes the result independent of how the candidates were found.
///
/// ``SequenceSearch`` is the other kind: it looks for the best whole sequences.
public struct BeamSearch: Sendable {
    public struct Options: Sendable {
        /// The number of beams, B.
        public var beams = 15
        /// The number of tokens after which the search ends.
        public var maximumLength = 10
        /// A prefix that the model gives less than this log-probability is dropped.
        public var minimumLogProb = -Float.infinity
        /// Whether a step's probabilities are shared out among the allowed tokens only, so that they
        /// sum to one. Enumerates what is allowed, at every beam, and asks the model for no other
        /// token's score.
        public var renormalizes = false

        public init(beams: Int = 15, maximumLength: Int = 10, minimumLogProb: Float = -.infinity) {
            self.beams = beams
            self.maximumLength = maximumLength
            self.minimumLogProb = minimumLogProb
        }
    }

    public var options: Options
    /// Asked before every step; where it is raised, the search ends with what it has.
    public var cancellation: Cancellation

    public init(_ options: Options, cancellation: Cancellation = .never) {
        (self.options, self.cancellation) = (options, cancellation)
    }

    /// Runs the search.
    ///
    /// - Returns: every hypothesis kept, in the order it was found: by length, then by score.
    public func run<Model: StepModel, Rule: Constraint>(
        _ model: Model, _ constraint: Rule
    ) -> [Hypothesis<Rule.State>] {
        run(model, [(model.initialState, constraint)])[0]
    }

    /// Runs several searches together: a step of the model scores the beams of all.
    ///
    /// - Returns: for each search what it would find alone.
    public func run<Model: StepModel, Rule: Constraint>(
        _ model: Model, _ queries: [(start: Model.State, constraint: Rule)]
    ) -> [[Hypothesis<Rule.State>]] {
        var searches = queries.map { Search<Model.State, Rule>($0.start, $0.constraint) }
        guard options.beams > 0 else { return searches.map { _ in [] } }
        var scores = StepScores()
        for _ in 0..<max(options.maximumLength, 0) {
            let open = searches.indices.filter { !searches[$0].beams.isEmpty }
            if open.isEmpty || cancellation.isRaised { break }
            scores.removeAll()
            var row = 0
            for index in open { searches[index].placeRows(&row) }
            if options.renormalizes {
                let allowed = open.map { searches[$0].allowed }
                model.score(
                    open.flatMap { searches[$0].states }, only: allowed.flatMap { $0.map(\.tokens) },
                    into: &scores)
                for (index, allowed) in zip(open, allowed) {
                    let best = scores.renormalized(
                        2 * options.beams, of: searches[index].beams, allowed,
                        minimum: options.minimumLogProb)
                    searches[index].goOn(with: best, model, options.beams)
                }
            } else {
                model.score(open.flatMap { searches[$0].states }, into: &scores)
                for index in open {
                    let best = searches[index].best(2 * options.beams, scores, options.minimumLogProb)
                    searches[index].goOn(with: best, model, options.beams)
                }
            }
        }
        return searches.map(\.found)
    }
}

/// One search of a batch.
private struct Search<ModelState, Rule: Constraint> {
    private let constraint: Rule
    private var workspace: Rule.Workspace
    private var arena = HypothesisArena<Rule.State>()
    /// The beams, and for each the model's state and the entry of its last token.
    private(set) var beams: [ScoredBeam<Rule.State>]
    private(set) var states: [ModelState]
    private var entries: [Int32] = [-1]

    init(_ start: ModelState, _ constraint: Rule) {
        self.constraint = constraint
        workspace = constraint.makeWorkspace()
        beams = [.init(row: 0, logProb: 0, state: constraint.initialState)]
        states = [start]
    }

    /// Gives the beams their rows of the step's scores.
    mutating func placeRows(_ row: inout Int) {
        for index in beams.indices {
            beams[index].row = row
            row += 1
        }
    }

    var allowed: [(tokens: [Int32], states: [Rule.State])] {
        beams.map { constraint.allowed(in: $0.state) }
    }

    mutating func best(_ k: Int, _ scores: StepScores, _ minimum: Float) -> [Candidate<Rule.State>] {
        constraint.best(k, of: beams, in: scores, minimum: minimum, workspace: &workspace)
    }

    /// Keeps the candidates and goes on with the first that are not complete.
    mutating func goOn<Model: StepModel>(
        with candidates: [Candidate<Rule.State>], _ model: Model, _ count: Int
    ) where Model.State == ModelState {
        var next: (beams: [ScoredBeam<Rule.State>], states: [ModelState], entries: [Int32]) = ([], [], [])
        for candidate in candidates {
            let isComplete = constraint.isComplete(candidate.state)
            let entry = arena.append(
                .init(
                    parent: entries[candidate.beam], token: candidate.token, logProb: candidate.logProb,
                    stepLogProb: candidate.logProb - beams[candidate.beam].logProb,
                    state: candidate.state, isComplete: isComplete))
            if !isComplete, next.beams.count < count {
                next.beams.append(.init(row: 0, logProb: candidate.logProb, state: candidate.state))
                next.states.append(model.advance(states[candidate.beam], by: candidate.token))
                next.entries.append(entry)
            }
        }
        (beams, states, entries) = next
    }

    var found: [Hypothesis<Rule.State>] { arena.entries.indices.map(arena.hypothesis) }
}
