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
        for (index, beam) in beams.enumerated() {
            let logProbs = logProbs(of: allowed[index].tokens, inRow: beam.row)
            let first = found.count
            for (place, logProb) in logProbs.enumerated() where logProb > -.infinity {
                let (token, state) = (allowed[index].tokens[place], allowed[index].states[place])
                found.append(Candidate(beam: index, token: token, logProb: logProb, state: state))
            }
            let highest = found[first...].map(\.logProb).max() ?? 0
            let total = highest + log(found[first...].reduce(Float(0)) { $0 + exp($1.logProb - highest) })
            for place in first..<found.count { found[place].logProb += beam.logProb - total }
        }
        return Array(
            found.filter { $0.logProb > minimum }.sorted(by: Candidate.precedes).prefix(k))
    }
}
