import CKernels

extension Constraint {
    /// Enumerates where little is allowed. Elsewhere tests a few of the model's best tokens, and
    /// enumerates only when those do not settle it, so that a step never costs more than a pass over
    /// the vocabulary.
    public func best(
        _ k: Int, of beams: [DenseBeam<State>], minimum: Float, workspace: inout Workspace
    ) -> [Candidate<State>] {
        var candidates: [Candidate<State>] = []
        guard k > 0 else { return candidates }
        for beam in beams {
            if branching(of: beam.state) > 4 * k, let found = tested(k, beam, minimum) {
                candidates += found
            } else {
                enumerate(beam, minimum, into: &candidates)
            }
        }
        return Array(candidates.sorted(by: Candidate.precedes).prefix(k))
    }

    private func enumerate(
        _ beam: DenseBeam<State>, _ minimum: Float, into candidates: inout [Candidate<State>]
    ) {
        forEachAllowed(in: beam.state) { token, next in
            guard token >= 0, Int(token) < beam.scores.count else { return }
            let total = beam.logProb + beam.scores[Int(token)]
            guard total > minimum else { return }
            candidates.append(.init(beam: beam.beam, token: token, logProb: total, state: next))
        }
    }

    /// The allowed among the model's 4k best tokens; nil when others may be among the best k.
    private func tested(_ k: Int, _ beam: DenseBeam<State>, _ minimum: Float) -> [Candidate<State>]? {
        let most = min(4 * k, beam.scores.count)
        var tokens = [Int32](repeating: 0, count: most)
        var values = [Float](repeating: 0, count: most)
        let count = ck_largest(
            beam.scores.baseAddress, beam.scores.count, most, -.infinity, &tokens, &values)
        let likely = tokens[..<count].indices.prefix { beam.logProb + values[$0] > minimum }
        let states = advance(
            [State](repeating: beam.state, count: likely.count), by: Array(tokens[..<likely.count]))
        var found: [Candidate<State>] = []
        for (place, state) in states.enumerated() {
            guard let state else { continue }
            found.append(
                .init(
                    beam: beam.beam, token: tokens[place], logProb: beam.logProb + values[place],
                    state: state))
        }
        if count < most || most == beam.scores.count || likely.count < count { return found }
        // Sums may be equal where scores were not: those that equal the last one tested are not settled.
        let last = beam.logProb + values[count - 1]
        return found.count >= k && found[k - 1].logProb > last ? found : nil
    }
}
