import Memory

extension GenerationSession {
    /// How much attention the last tokens of hypotheses give to each token before them: the mean over the tokens that a state adds, the
    /// sum over layers and heads, [states × tokens before the state's own].
    ///
    /// - Parameter headWeights: of each layer's heads, [layers × heads]; nil counts all of them once.
    package func attention(from states: [DecoderState], headWeights: [[Float]]? = nil) -> [[Float]] {
        guard states.allSatisfy(\.isReadable), !states.isEmpty else { return states.map { _ in [] } }
        let step = DecoderRows(states)
        let configuration = decoder.configuration
        let weights =
            headWeights
            ?? Array(
                repeating: Array(repeating: 1, count: configuration.headCount), count: configuration.layerCount)
        let probe = AttentionProbe(headWeights: weights, rows: step.rows.count, longest: step.longest)
        rotation?.reserve(positions: step.longest)
        decoder.decode(step, cache, memories, rotation, scratch, probe: probe)
        var row = 0
        return states.map { state in
            var mean = [Float](repeating: 0, count: state.position)
            for _ in state.tokens {
                let mass = probe.mass(row: row)
                for token in mean.indices { mean[token] += mass[token] }
                row += 1
            }
            for token in mean.indices { mean[token] /= Float(state.tokens.count) }
            return mean
        }
    }
}
