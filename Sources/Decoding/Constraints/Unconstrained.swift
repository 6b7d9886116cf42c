import CKernels

/// Allows every token of a vocabulary.
public struct Unconstrained: Constraint {
    public let vocabularySize: Int

    public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }

    public var initialState: Void { () }

    public func advance(_ state: Void, by token: Int32) -> Void? {
        token >= 0 && Int(token) < vocabularySize ? () : nil
    }

    public func branching(of state: Void) -> Int { vocabularySize }

    public func forEachAllowed(in state: Void, _ body: (Int32, Void) -> Void) {
        for token in 0..<Int32(vocabularySize) { body(token, ()) }
    }

    /// One pass over each beam's scores.
    public func best(
        _ k: Int, of beams: [DenseBeam<Void>], minimum: Float, workspace: inout Void
    ) -> [Candidate<Void>] {
        var candidates: [Candidate<Void>] = []
        guard k > 0 else { return candidates }
        var tokens = [Int32](repeating: 0, count: min(k, vocabularySize) + 1)
        var values = [Float](repeating: 0, count: tokens.count)
        for beam in beams {
            let count = ck_largest(
                beam.scores.baseAddress, min(beam.scores.count, vocabularySize), tokens.count, -.infinity,
                &tokens, &values)
            let totals = values[..<count].map { beam.logProb + $0 }
            // Sums may be equal where scores were not; then the smaller token goes first.
            if count > k, totals[k] == totals[k - 1] {
                enumerate(beam, minimum, into: &candidates)
                continue
            }
            for (place, total) in totals.prefix(k).enumerated() where total > minimum {
                candidates.append(.init(beam: beam.beam, token: tokens[place], logProb: total, state: ()))
            }
        }
        return Array(candidates.sorted(by: Candidate.precedes).prefix(k))
    }
}
