#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

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
        /// Whether a step's probabilities are shared out among the allowed tokens only, so that they
        /// sum to one. Enumerates what is allowed, at every beam.
        public var renormalizes = false

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
        var workspace = constraint.makeWorkspace()
        for _ in 0..<options.maximumLength {
            scores.removeAll()
            model.score(beams.map(\.model), into: &scores)
            let best = options.renormalizes
                ? renormalized(beams, scores, constraint)
                : candidates(beams, scores, constraint, &workspace)
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

    /// The best 2B extensions of a step.
    private func candidates<ModelState, Rule: Constraint>(
        _ beams: [Beam<ModelState, Rule.State>], _ scores: StepScores, _ constraint: Rule,
        _ workspace: inout Rule.Workspace
    ) -> [Candidate<Rule.State>] {
        var sparse: [TokenWalk.Item] = []
        var wide: [(beam: Int, offset: Int, count: Int)] = []
        for (index, beam) in beams.enumerated() {
            switch scores.rows[index] {
            case .dense(let offset, let count): wide.append((index, offset, count))
            case .sparse(let offset, let count):
                for slot in offset..<offset + count {
                    let total = beam.logProb + scores.logProbs[slot]
                    guard total > options.minimumLogProb else { continue }
                    sparse.append(.init(token: scores.tokens[slot], logProb: total, beam: index))
                }
            }
        }
        var best = tested(sparse, beams, constraint)
        guard !wide.isEmpty else { return best }
        scores.dense.withUnsafeBufferPointer { dense in
            best += constraint.best(
                2 * options.beams,
                of: wide.map { row in
                    DenseBeam(
                        beam: row.beam, state: beams[row.beam].rule, logProb: beams[row.beam].logProb,
                        scores: UnsafeBufferPointer(rebasing: dense[row.offset..<row.offset + row.count]))
                }, minimum: options.minimumLogProb, workspace: &workspace)
        }
        return Array(best.sorted(by: Candidate.precedes).prefix(2 * options.beams))
    }

    /// Walks the extensions in falling score and tests them, some at a time, until 2B are allowed.
    private func tested<ModelState, Rule: Constraint>(
        _ items: [TokenWalk.Item], _ beams: [Beam<ModelState, Rule.State>], _ constraint: Rule
    ) -> [Candidate<Rule.State>] {
        var walk = TokenWalk(items)
        var found: [Candidate<Rule.State>] = []
        var group: [TokenWalk.Item] = []
        while found.count < 2 * options.beams {
            group.removeAll(keepingCapacity: true)
            while group.count < 2 * options.beams - found.count, let item = walk.next() { group.append(item) }
            if group.isEmpty { break }
            let states = constraint.advance(group.map { beams[$0.beam].rule }, by: group.map(\.token))
            for (item, state) in zip(group, states) {
                guard let state else { continue }
                found.append(
                    Candidate(beam: item.beam, token: item.token, logProb: item.logProb, state: state))
            }
        }
        return found
    }

    /// The best 2B extensions when every beam's scores are taken among its allowed tokens only.
    private func renormalized<ModelState, Rule: Constraint>(
        _ beams: [Beam<ModelState, Rule.State>], _ scores: StepScores, _ constraint: Rule
    ) -> [Candidate<Rule.State>] {
        var found: [Candidate<Rule.State>] = []
        for (index, beam) in beams.enumerated() {
            var known: [Int32: Float] = [:]
            scores.forEachToken(ofRow: index) { known[$0] = $1 }
            let first = found.count
            constraint.forEachAllowed(in: beam.rule) { token, state in
                guard let logProb = known[token] else { return }
                found.append(Candidate(beam: index, token: token, logProb: logProb, state: state))
            }
            let highest = found[first...].map(\.logProb).max() ?? 0
            let total = highest + log(found[first...].reduce(Float(0)) { $0 + exp($1.logProb - highest) })
            for place in first..<found.count { found[place].logProb += beam.logProb - total }
        }
        return Array(
            found.filter { $0.logProb > options.minimumLogProb }.sorted(by: Candidate.precedes)
                .prefix(2 * options.beams))
    }
}
