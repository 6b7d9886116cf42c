/// The literal model of constrained beam search: at every step all extensions of all beams are
/// listed, sorted and cut.
package struct NaiveBeamSearch: Sendable {
    package var beams: Int
    package var maximumLength: Int

    package init(beams: Int, maximumLength: Int) {
        self.beams = beams
        self.maximumLength = maximumLength
    }

    package struct Result: Equatable, Sendable {
        package var tokens: [Int32]
        package var logProb: Float

        package init(tokens: [Int32], logProb: Float) {
            self.tokens = tokens
            self.logProb = logProb
        }
    }

    /// - Parameters:
    ///   - vocabulary: tokens are 0 ..< vocabulary.
    ///   - logProb: the score of a token after a prefix.
    ///   - isAllowed: whether a prefix may be generated.
    ///   - isComplete: whether nothing may follow a prefix.
    package func run(
        vocabulary: Int32, logProb: ([Int32], Int32) -> Float, isAllowed: ([Int32]) -> Bool,
        isComplete: ([Int32]) -> Bool
    ) -> [Result] {
        var kept: [Result] = []
        var current = [Result(tokens: [], logProb: 0)]
        for _ in 0..<maximumLength {
            var all: [(beam: Int, result: Result)] = []
            for (beam, prefix) in current.enumerated() {
                for token in 0..<vocabulary where isAllowed(prefix.tokens + [token]) {
                    let score = logProb(prefix.tokens, token)
                    guard score > -.infinity else { continue }
                    all.append(
                        (beam, Result(tokens: prefix.tokens + [token], logProb: prefix.logProb + score)))
                }
            }
            all.sort { a, b in
                if a.result.logProb != b.result.logProb { return a.result.logProb > b.result.logProb }
                if a.beam != b.beam { return a.beam < b.beam }
                return a.result.tokens.last ?? 0 < b.result.tokens.last ?? 0
            }
            let best = all.prefix(2 * beams).map(\.result)
            kept += best
            current = Array(best.filter { !isComplete($0.tokens) }.prefix(beams))
            if current.isEmpty { break }
        }
        return kept
    }
}
