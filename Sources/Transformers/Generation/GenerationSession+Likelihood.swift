import Memory

extension GenerationSession {
    /// The log-probability of the same continuation under every source (teacher forcing), [sources]: the
    /// sum over its tokens; -infinity where one is not in the vocabulary or does not fit.
    ///
    /// All sources are computed in one pass of sources × tokens rows, the product with the vocabulary some
    /// of them at a time.
    package func logProbs(underAllSources tokens: [Int32]) -> [Float] {
        guard let last = tokens.indices.last else { return Array(repeating: 0, count: count) }
        let longest = starts.reduce(0) { max($0, $1.length) }
        guard tokens.allSatisfy(isToken), fits(longest + last) else {
            return Array(repeating: -.infinity, count: count)
        }
        let rows = predictions(of: tokens)
        let (width, vocabulary) = (decoder.configuration.width, vocabularySize)
        let owners = starts.indices.flatMap { repeatElement($0, count: tokens.count) }
        let targets = starts.flatMap { _ in tokens }
        let block = min(Self.block, owners.count)
        let logits = ScratchBuffer(count: block * vocabulary)
        var steps = [Float](repeating: 0, count: owners.count)
        withExtendedLifetime(logits) {
            steps.withUnsafeMutableBufferPointer { steps in
                guard let base = steps.baseAddress else { return }
                for first in stride(from: 0, to: owners.count, by: block) {
                    let range = first..<min(owners.count, first + block)
                    output.logProbs(
                        rows + first * width, sources: Array(owners[range]), of: Array(targets[range]),
                        into: base + first, logits: logits.base, scratch.products)
                }
            }
        }
        return starts.indices.map { source in
            steps[source * tokens.count..<(source + 1) * tokens.count].reduce(0, +)
        }
    }

    /// Rows of logits in memory at a time: enough for each weight that is read to serve many.
    private static let block = 128

    /// The states that predict the tokens, source after source, [sources × tokens × d].
    private func predictions(of tokens: [Int32]) -> UnsafeMutablePointer<Float> {
        let hypotheses = starts.map {
            DecoderState(source: $0.source, tokens: $0.tokens + tokens.dropLast(), cache)
        }
        let step = DecoderRows(hypotheses)
        rotation?.reserve(positions: step.longest)
        decoder.decode(step, cache, memories, rotation, scratch)
        let part = tokens.count * decoder.configuration.width
        rowStates.reserve(count * part)
        for (source, last) in step.last.enumerated() {
            let first = last + 1 - tokens.count
            (rowStates.base + source * part).update(
                from: scratch.states.base + first * decoder.configuration.width, count: part)
        }
        if let norm = decoder.weights.finalNorm {
            decoder.normalize(rowStates.base, rows: count * tokens.count, norm)
        }
        adaptor?.adapt(
            rowStates.base, prefixes: starts.flatMap { start in tokens.indices.map { start.tokens + tokens[..<$0] } },
            scratch.products)
        return rowStates.base
    }
}
