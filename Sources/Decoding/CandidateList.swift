import Collections

/// The best extensions of a step, found without enumerating what cannot win.
///
/// Scores are never renormalised, so walking a model's tokens in falling score and testing each
/// against the constraint until enough are found is exact. Where few tokens are allowed, those are
/// enumerated instead.
struct CandidateList<State> {
    struct Candidate {
        var beam: Int
        var token: Int32
        var logProb: Float
        var state: State
    }

    private let capacity: Int
    private var candidates: [Candidate] = []

    init(capacity: Int) { self.capacity = capacity }

    mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }

    /// Adds one beam's best allowed extensions, as many as could be needed.
    mutating func extend<Rule: Constraint>(
        beam: Int, logProb: Float, state: State, row: StepScores.Row, scores: StepScores,
        constraint: Rule, minimum: Float
    ) where Rule.State == State {
        switch row {
        case .sparse(let offset, let count):
            let order = (offset..<offset + count).sorted { a, b in
                (scores.logProbs[a], scores.tokens[b]) > (scores.logProbs[b], scores.tokens[a])
            }
            var found = 0
            for index in order where found < capacity {
                let total = logProb + scores.logProbs[index]
                guard total > minimum else { break }
                if add(beam, scores.tokens[index], total, from: state, constraint) { found += 1 }
            }
        case .dense(let offset, let count):
            let row = scores.logProbs[offset..<offset + count]
            if constraint.branching(of: state) <= 4 * capacity {
                constraint.forEachAllowed(in: state) { token, next in
                    guard token >= 0, Int(token) < count else { return }
                    let total = logProb + row[offset + Int(token)]
                    guard total > minimum else { return }
                    candidates.append(Candidate(beam: beam, token: token, logProb: total, state: next))
                }
                return
            }
            var heap = Heap(
                row.enumerated().lazy.map { Scored(token: Int32($0.offset), logProb: $0.element) })
            var found = 0
            while found < capacity, let best = heap.popMax() {
                let total = logProb + best.logProb
                guard total > minimum else { break }
                if add(beam, best.token, total, from: state, constraint) { found += 1 }
            }
        }
    }

    private mutating func add<Rule: Constraint>(
        _ beam: Int, _ token: Int32, _ logProb: Float, from state: State, _ constraint: Rule
    ) -> Bool where Rule.State == State {
        guard let next = constraint.advance(state, by: token) else { return false }
        candidates.append(Candidate(beam: beam, token: token, logProb: logProb, state: next))
        return true
    }

    /// The best `capacity` candidates: score falling, then beam, then token rising.
    func sorted() -> ArraySlice<Candidate> {
        candidates.sorted { a, b in
            if a.logProb != b.logProb { return a.logProb > b.logProb }
            return (a.beam, a.token) < (b.beam, b.token)
        }.prefix(capacity)
    }

    private struct Scored: Comparable {
        var token: Int32
        var logProb: Float

        static func < (a: Scored, b: Scored) -> Bool {
            a.logProb != b.logProb ? a.logProb < b.logProb : a.token > b.token
        }
    }
}
