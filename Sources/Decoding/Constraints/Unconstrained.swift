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
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(k, 1)) { tokens in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: max(k, 1)) { values in
                for beam in beams {
                    let count = ck_largest(
                        beam.scores.baseAddress, min(beam.scores.count, vocabularySize), k, -.infinity,
                        tokens.baseAddress, values.baseAddress)
                    for place in 0..<count where beam.logProb + values[place] > minimum {
                        candidates.append(
                            .init(
                                beam: beam.beam, token: tokens[place],
                                logProb: beam.logProb + values[place], state: ()))
                    }
                }
            }
        }
        return Array(candidates.sorted(by: Candidate.precedes).prefix(k))
    }
}
