import Memory
import Tensors

extension TransformerModel {
    /// The last layer's states of texts, [tokens × d] each.
    ///
    /// - Throws: ``ModelError`` when the model has no encoder or cannot read a text.
    package func encode(
        _ texts: [[Int32]], team: ThreadTeam = ThreadTeam(threads: 1)
    ) throws(ModelError) -> [Matrix] {
        guard let encoder else {
            throw .unsupported(path: configuration.type, reason: "the model has no encoder")
        }
        try check(texts, encoder.configuration)
        let scratch = encoder.scratches.take(ProductScratch(team: team))
        defer { encoder.scratches.giveBack(scratch) }
        encoder.encode(texts, scratch)
        let d = encoder.configuration.width
        var start = scratch.states.base
        return texts.map { text in
            defer { start += text.count * d }
            let states = UnsafeBufferPointer(start: start, count: text.count * d)
            return Matrix(rows: text.count, columns: d, values: Array(states))
        }
    }

    /// A session that decodes sources together: texts for a model with an encoder, prompts for one
    /// without.
    ///
    /// - Parameter starts: what a decoder with an encoder reads before its first generated token, by
    ///   default the token that its configuration names.
    /// - Throws: ``ModelError`` when the model cannot generate or cannot read a source.
    package func session(
        _ sources: [[Int32]], starts: [Int32]? = nil, team: ThreadTeam = ThreadTeam(threads: 1)
    ) throws(ModelError) -> GenerationSession {
        guard let decoder, let output else {
            throw .unsupported(path: configuration.type, reason: "the model has no decoder")
        }
        guard !sources.isEmpty else {
            throw .malformed(path: configuration.type, reason: "there is nothing to decode")
        }
        let products = ProductScratch(team: team)
        guard let encoder else {
            try check(sources, decoder.configuration)
            return GenerationSession(decoder, output, memories: [], prompts: sources, products)
        }
        let start = starts ?? configuration.tokens.start.map { [$0] } ?? []
        guard !start.isEmpty else {
            throw .malformed(
                path: configuration.type, reason: "no token is named with which the decoder starts")
        }
        try check(sources, encoder.configuration)
        try check([start], decoder.configuration)
        let scratch = encoder.scratches.take(products)
        defer { encoder.scratches.giveBack(scratch) }
        encoder.encode(sources, scratch)
        let memories = decoder.memories(
            of: scratch.states.base, lengths: sources.map(\.count), scratch)
        return GenerationSession(
            decoder, output, memories: memories,
            prompts: Array(repeating: start, count: sources.count), products)
    }

    private func check(_ texts: [[Int32]], _ stack: StackConfiguration) throws(ModelError) {
        let vocabulary = configuration.vocabularySize
        for text in texts {
            if let longest = stack.maximumLength, text.count > longest {
                throw .malformed(
                    path: configuration.type, reason: "\(text.count) tokens; the model reads \(longest)")
            }
            guard !text.isEmpty else {
                throw .malformed(path: configuration.type, reason: "a text or prompt has no tokens")
            }
            for token in text where token < 0 || Int(token) >= vocabulary {
                throw .malformed(
                    path: configuration.type, reason: "the token \(token) is not in 0..<\(vocabulary)")
            }
        }
    }
}
