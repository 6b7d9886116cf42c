#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A group of beams of one search for whole sequences; most searches have one.
struct GroupSearch<ModelState, Rule: Constraint> {
    private let constraint: Rule
    private let count: Int
    private var workspace: Rule.Workspace
    private var arena = HypothesisArena<Rule.State>()
    private var beams: [ScoredBeam<Rule.State>]
    private(set) var states: [ModelState]
    private var entries: [Int32] = [-1]
    private var finished: [(score: Float, entry: Int32)] = []
    private(set) var isDone = false

    init(_ start: ModelState, _ constraint: Rule, beams count: Int) {
        self.constraint = constraint
        self.count = count
        workspace = constraint.makeWorkspace()
        beams = [.init(row: 0, logProb: 0, state: constraint.initialState)]
        states = [start]
    }

    /// Gives the beams their rows of the step's scores.
    mutating func placeRows(_ first: Int) {
        for index in beams.indices { beams[index].row = first + index }
    }

    /// One step. Returns the tokens with which beams would go on, were there more steps.
    ///
    /// - Parameters:
    ///   - isForced: whether the scores leave one token, which no rule changes.
    ///   - earlier: the tokens that earlier groups chose at this step.
    mutating func step<Model: StepModel>(
        _ model: Model, _ scores: inout StepScores, _ options: SequenceSearch.Options, length: Int,
        isForced: Bool, avoiding earlier: [Int32]
    ) -> [Int32] where Model.State == ModelState {
        if !isForced { change(&scores, options, avoiding: earlier) }
        let candidates = candidates(scores, options)
        let length = length + 1
        let divisor = pow(Float(length), options.lengthPenalty)
        var next: (beams: [ScoredBeam<Rule.State>], states: [ModelState], entries: [Int32]) = ([], [], [])
        var chosen: [Int32] = []
        for (rank, candidate) in candidates.enumerated() {
            let ends = isEnd(candidate, options)
            if !ends, chosen.count < count { chosen.append(candidate.token) }
            let isWhole = ends || length == options.maximumLength
            if isWhole ? rank >= count : next.beams.count >= count { continue }
            let entry = arena.append(
                .init(
                    parent: entries[candidate.beam], token: candidate.token, logProb: candidate.logProb,
                    stepLogProb: candidate.logProb - beams[candidate.beam].logProb,
                    state: candidate.state, isComplete: isWhole))
            if isWhole {
                finish(entry, candidate.logProb / divisor)
            } else {
                next.beams.append(.init(row: 0, logProb: candidate.logProb, state: candidate.state))
                next.states.append(model.advance(states[candidate.beam], by: candidate.token))
                next.entries.append(entry)
            }
        }
        (beams, states, entries) = next
        // Where transformers has groups (4.53), the step's best candidate counts, whole or not.
        isDone = isOver(options, length, best: (options.groups > 1 ? candidates.first : nil)?.logProb)
        if isDone { (beams, states, entries) = ([], [], []) }
        return chosen
    }

    /// Applies the rules that depend on what was said.
    private func change(
        _ scores: inout StepScores, _ options: SequenceSearch.Options, avoiding earlier: [Int32]
    ) {
        for beam in beams where options.diversityPenalty != 0 {
            for token in earlier {
                scores.change(token, inRow: beam.row) { $0 - options.diversityPenalty }
            }
        }
        guard options.repetition.isOn else { return }
        for (beam, entry) in zip(beams, entries) {
            options.repetition.apply(to: &scores, row: beam.row, after: arena.tokens(upTo: entry))
        }
    }

    private func isEnd(_ candidate: Candidate<Rule.State>, _ options: SequenceSearch.Options) -> Bool {
        options.ends.contains(candidate.token) || constraint.isComplete(candidate.state)
    }

    /// The best candidates: so many that all beams can go on, as far as there are any.
    private mutating func candidates(
        _ scores: StepScores, _ options: SequenceSearch.Options
    ) -> [Candidate<Rule.State>] {
        // A beam has no more ends than there are end tokens, but for those the constraint knows.
        var wanted = max(2, 1 + options.ends.count) * count
        while true {
            let found = constraint.best(
                wanted, of: beams, in: scores, minimum: -.infinity, workspace: &workspace)
            if found.count < wanted || found.count(where: { !isEnd($0, options) }) >= count { return found }
            wanted *= 4
        }
    }

    /// Keeps a sequence if it is among the best; the earlier of equals stays before.
    private mutating func finish(_ entry: Int32, _ score: Float) {
        let place = finished.firstIndex { $0.score < score } ?? finished.count
        finished.insert((score, entry), at: place)
        if finished.count > count { finished.removeLast() }
    }

    private func isOver(_ options: SequenceSearch.Options, _ length: Int, best: Float?) -> Bool {
        guard let first = beams.first else { return true }
        guard finished.count == count, let worst = finished.last else { return false }
        // With one beam the best token is followed, so that the first end is the end.
        if options.stopping == .whenFull || options.beams == 1 { return true }
        let reached =
            options.stopping == .whenHopeless && options.lengthPenalty > 0
            ? options.maximumLength : length
        return (best ?? first.logProb) / pow(Float(reached), options.lengthPenalty) <= worst.score
    }

    var results: [SequenceSearch.Result] {
        finished.map { finished in
            let hypothesis = arena.hypothesis(Int(finished.entry))
            return .init(
                tokens: hypothesis.tokens, stepLogProbs: hypothesis.stepLogProbs, score: finished.score)
        }
    }
}
