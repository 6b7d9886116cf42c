import Decoding
import Memory

/// What a prompt's answer may be, asked without generating it.
extension GenerationSession {
    /// The logits of some tokens of the vocabulary after each hypothesis, [states × tokens], up to a constant a hypothesis;
    /// -infinity after one that cannot be read. Only these rows of the vocabulary are computed.
    package func logits(of tokens: [Int32], after states: [DecoderState]) -> [[Float]] {
        var scores = StepScores()
        score(states, only: Array(repeating: tokens, count: states.count), into: &scores)
        return states.indices.map { row in
            let own = scores.scores(row: row)
            return own.count == tokens.count ? Array(own) : tokens.map { _ in -.infinity }
        }
    }

    /// The log-probability of the same text after each hypothesis, [states]: the sum over its tokens; -infinity where one is not in
    /// the vocabulary or does not fit.
    ///
    /// All are computed in one pass of states × tokens rows, the product with the vocabulary some of them at a time.
    package func logProbs(of tokens: [Int32], after states: [DecoderState]) -> [Float] {
        guard !tokens.isEmpty, tokens.allSatisfy(isToken) else {
            return states.map { _ in tokens.isEmpty ? 0 : -.infinity }
        }
        return states.map { state in
            guard state.isReadable, fits(state.length + tokens.count - 1) else { return -.infinity }
            return stepLogProbs(of: tokens, after: state).reduce(0, +)
        }
    }

    /// Teacher forcing after one hypothesis: the rows that predict are the last of what was read and each new token but the last.
    private func stepLogProbs(of tokens: [Int32], after state: DecoderState) -> [Float] {
        var chain = [state]
        for token in tokens.dropLast() {
            guard let last = chain.last else { break }
            last.place()
            chain.append(DecoderState(source: state.source, tokens: [token], after: last, cache))
        }
        let vocabulary = vocabularySize
        let logits = ScratchBuffer(count: chain.count * vocabulary)
        var steps = [Float](repeating: 0, count: tokens.count)
        let rows = run(chain[...])
        withExtendedLifetime(logits) {
            steps.withUnsafeMutableBufferPointer { steps in
                guard let base = steps.baseAddress else { return }
                output.logProbs(
                    rows, sources: chain.map(\.source), of: tokens, into: base, logits: logits.base, scratch.products)
            }
        }
        return steps
    }
}
