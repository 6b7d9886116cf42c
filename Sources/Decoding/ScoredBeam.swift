import CKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A beam of a step: its row among the step's scores, and where it stands.
struct ScoredBeam<State: Sendable> {
    var row: Int
    var logProb: Float
    var state: State
}

extension Constraint {
    /// The best `k` allowed extensions of beams: score falling, then beam, then token rising.
    ///
    /// A candidate's `beam` is the place among `beams`. Those that score `minimum` or less are left
    /// out.
    func best(
        _ k: Int, of beams: [ScoredBeam<State>], in scores: StepScores, minimum: Float,
        workspace: inout Workspace
    ) -> [Candidate<State>] {
        var sparse: [TokenWalk.Item] = []
        var wide: [(beam: Int, offset: Int, count: Int)] = []
        for (index, beam) in beams.enumerated() {
            switch scores.rows[beam.row] {
            case .dense(let offset, let count): wide.append((index, offset, count))
            case .sparse(let offset, let count):
                for slot in offset..<offset + count {
                    let total = beam.logProb + scores.logProbs[slot]
                    guard total > minimum else { continue }
                    sparse.append(.init(token: scores.tokens[slot], logProb: total, beam: index))
                }
            }
        }
        var best = tested(k, sparse, beams)
        guard !wide.isEmpty else { return best }
        scores.dense.withUnsafeBufferPointer { dense in
            best += self.best(
                k,
                of: wide.map { row in
                    DenseBeam(
                        beam: row.beam, state: beams[row.beam].state, logProb: beams[row.beam].logProb,
                        scores: UnsafeBufferPointer(rebasing: dense[row.offset..<row.offset + row.count]))
                }, minimum: minimum, workspace: &workspace)
        }
        return Array(best.sorted(by: Candidate.precedes).prefix(k))
    }

    /// Walks the extensions in falling score and tests them, some at a time, until `k` are allowed.
    private func tested(
        _ k: Int, _ items: [TokenWalk.Item], _ beams: [ScoredBeam<State>]
    ) -> [Candidate<State>] {
        var walk = TokenWalk(items)
        var found: [Candidate<State>] = []
        var group: [TokenWalk.Item] = []
        while found.count < k {
            group.removeAll(keepingCapacity: true)
            while group.count < k - found.count, let item = walk.next() { group.append(item) }
            if group.isEmpty { break }
            let states = advance(group.map { beams[$0.beam].state }, by: group.map(\.token))
            for (item, state) in zip(group, states) {
                guard let state else { continue }
                found.append(
                    Candidate(beam: item.beam, token: item.token, logProb: item.logProb, state: state))
            }
        }
        return found
    }
}

extension StepScores {
    /// The best `k` of enumerated extensions, when every beam's scores are shared out among its
    /// allowed tokens only, so that their probabilities sum to one.
    ///
    /// Row i holds the scores of `allowed[i]`, in any order and up to a constant.
    func renormalized<State>(
        _ k: Int, of beams: [ScoredBeam<State>], _ allowed: [(tokens: [Int32], states: [State])],
        minimum: Float
    ) -> [Candidate<State>] {
        var found: [Candidate<State>] = []
        var places = [Int32](repeating: 0, count: max(k, 1))
        var best = [Float](repeating: 0, count: max(k, 1))
        for (index, beam) in beams.enumerated() {
            let logProbs = logProbs(of: allowed[index].tokens, inRow: beam.row)
            // Tokens rise, so that the first among equals is the one with the lowest number.
            let count = ck_largest(logProbs, logProbs.count, k, -.infinity, &places, &best)
            guard count > 0 else { continue }
            let total = best[0] + log(logProbs.reduce(Float(0)) { $0 + exp($1 - best[0]) })
            for (place, logProb) in zip(places, best).prefix(count) {
                let (token, state) = (allowed[index].tokens[Int(place)], allowed[index].states[Int(place)])
                let sum = logProb + (beam.logProb - total)
                guard sum > minimum else { break }
                found.append(Candidate(beam: index, token: token, logProb: sum, state: state))
            }
        }
        return Array(found.sorted(by: Candidate.precedes).prefix(k))
    }
}
