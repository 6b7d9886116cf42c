import Decoding
import Docids
import Foundation

/// Allows the docids that exist: the docid tree as a decoding constraint; O(1) a step.
struct DocidConstraint<Paths: DocidPaths>: Constraint {
    let paths: Paths

    var initialState: DocidState { paths.root }

    func advance(_ state: DocidState, by token: Int32) -> DocidState? {
        state.isComplete ? nil : paths.child(of: state, token)
    }

    func branching(of state: DocidState) -> Int { paths.childCount(of: state) }

    func forEachAllowed(in state: DocidState, _ body: (Int32, DocidState) -> Void) {
        if !state.isComplete { paths.forEachChild(of: state, body) }
    }

    func isComplete(_ state: DocidState) -> Bool { state.isComplete }
}

/// The untrained docid generator: a prefix scores the query's similarity to its code vector.
///
///     log p(prefix) = sharpness * q . c(prefix) - ln(sum over first tokens of exp(sharpness * q . c))
///
/// and a whole docid's code vector is its passage's. The sum of a path's steps telescopes to the
/// passage's exact similarity, the same constant taken off everywhere.
struct AnchoredDocidModel<Paths: DocidPaths>: StepModel {
    let paths: Paths
    let similarities: [Float]
    let query: [Float]
    let dense: DenseIndex
    let sharpness: Float

    var initialState: DocidState { paths.root }

    func advance(_ state: DocidState, by token: Int32) -> DocidState {
        // Decoding only advances by tokens that the constraint has allowed.
        paths.child(of: state, token) ?? state
    }

    func score(_ states: [DocidState], into scores: inout StepScores) {
        var row: [(token: Int32, logProb: Float)] = []
        for state in states {
            row.removeAll(keepingCapacity: true)
            let own = prior(state)
            paths.forEachChild(of: state) { token, next in
                row.append((token, sharpness * (similarity(next) - own)))
            }
            if state == paths.root {
                let highest = row.map(\.logProb).max() ?? 0
                let total = highest + log(row.reduce(Float(0)) { $0 + exp($1.logProb - highest) })
                for index in row.indices { row[index].logProb -= total }
            }
            scores.addSparse(row)
        }
    }

    private func similarity(_ state: DocidState) -> Float {
        state.isComplete ? dense.similarity(query, state.document) : similarities[Int(state.node)]
    }

    /// What the prefix has been given already; nothing at the root.
    private func prior(_ state: DocidState) -> Float {
        state == paths.root ? 0 : similarity(state)
    }
}
