import Decoding
import Docids
import Foundation
import Memory

/// Allows the docids that exist: the docid tree as a decoding constraint; O(1) a step.
struct DocidConstraint<Paths: DocidPaths>: Constraint {
    let paths: Paths
    /// The docids of passages that may be found; nil where all may.
    var passing: PassingDocids?

    var initialState: DocidState { paths.root }

    func advance(_ state: DocidState, by token: Int32) -> DocidState? {
        guard !state.isComplete, let next = paths.child(of: state, token) else { return nil }
        return passing?.allows(next) ?? true ? next : nil
    }

    func branching(of state: DocidState) -> Int { paths.childCount(of: state) }

    func forEachAllowed(in state: DocidState, _ body: (Int32, DocidState) -> Void) {
        guard !state.isComplete else { return }
        paths.forEachChild(of: state) { token, next in
            if passing?.allows(next) ?? true { body(token, next) }
        }
    }

    func isComplete(_ state: DocidState) -> Bool { state.isComplete }
}

/// What a query says of the whole docids.
protocol DocidLeaves: Sendable {
    /// The score of what a whole docid stands for: a passage of a segment, or an entry.
    func score(_ document: Int32) -> Float
}

/// The docid generator: a prefix scores what the query says of it.
///
///     log p(prefix) = inverseTemperature * s(prefix) - ln(sum over first tokens of exp(inverseTemperature * s))
///
/// Untrained, s is the query's similarity to the prefix' code vector, and a whole docid's is its
/// passage's. The sum of a path's steps telescopes to the passage's exact similarity, the same constant
/// taken off everywhere.
struct AnchoredDocidModel<Paths: DocidPaths, Leaves: DocidLeaves>: StepModel {
    let paths: Paths
    /// s of each node.
    let nodeScores: [Float]
    let leaves: Leaves
    let inverseTemperature: Float

    var initialState: DocidState { paths.root }

    func advance(_ state: DocidState, by token: Int32) -> DocidState {
        // Decoding only advances by tokens that the constraint has allowed.
        paths.child(of: state, token) ?? state
    }

    func score(_ states: [DocidState], into scores: inout StepScores) {
        var row: [(token: Int32, logProb: Float)] = []
        for state in states {
            row.removeAll(keepingCapacity: true)
            let own = state == paths.root ? 0 : score(state)
            paths.forEachChild(of: state) { token, next in
                row.append((token, inverseTemperature * (score(next) - own)))
            }
            if state == paths.root {
                let highest = row.map(\.logProb).max() ?? 0
                let total = highest + log(row.reduce(Float(0)) { $0 + exp($1.logProb - highest) })
                for index in row.indices { row[index].logProb -= total }
            }
            scores.addSparse(row)
        }
    }

    private func score(_ state: DocidState) -> Float {
        state.isComplete ? leaves.score(state.document) : nodeScores[Int(state.node)]
    }

    /// The steps of a docid with log p(token | prefix, q): the softmax over the prefix's children. With each come the likeliest
    /// tokens that were not taken.
    func path(_ docid: [Int32]) -> [DocidStep] {
        var steps: [DocidStep] = []
        var state = paths.root
        for token in docid {
            var scores: [(token: Int32, state: DocidState, score: Float)] = []
            paths.forEachChild(of: state) { scores.append(($0, $1, inverseTemperature * score($1))) }
            guard let taken = scores.first(where: { $0.token == token }) else { break }
            let highest = scores.map(\.score).max() ?? 0
            let total = scores.reduce(Float(0)) { $0 + exp($1.score - highest) }
            func step(_ child: (token: Int32, state: DocidState, score: Float)) -> DocidStep {
                var step = DocidStep(token: child.token, logProb: child.score - highest - log(total))
                (step.below, step.example) = below(child.state)
                return step
            }
            var own = step(taken)
            own.others = scores.filter { $0.token != token }
                .sorted { $0.score != $1.score ? $0.score > $1.score : $0.token < $1.token }
                .prefix(Self.shownOthers).map(step)
            steps.append(own)
            state = taken.state
        }
        return steps
    }

    /// Tokens that are shown beside the one that was taken.
    private static var shownOthers: Int { 4 }
    /// Docids that are looked at for the best below a prefix.
    private static var examined: Int { 512 }

    /// How many docids begin with a prefix, and the best of them.
    private func below(_ state: DocidState) -> (count: Int, example: Int32?) {
        if state.isComplete { return (1, state.document) }
        let documents = paths.documents(of: Int(state.node))
        let seen = (0..<min(documents.count, Self.examined)).map { (documents[$0], leaves.score(documents[$0])) }
        return (documents.count, seen.max { $0.1 < $1.1 }?.0)
    }
}
