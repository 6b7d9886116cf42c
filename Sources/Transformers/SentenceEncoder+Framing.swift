import Text

/// What stands around a text's tokens when an encoder reads them: its marks and its prompt.
extension SentenceEncoder {
    /// The tokens of a text as this encoder reads them.
    package func tokens(of text: String, as role: EncoderRole) -> [Int32] {
        let prompt = prompts.tokens(role)
        let ids = tokenizer.encode(text, maxTokens: max(0, maxTokens - prompt.count)).ids
        guard !prompt.isEmpty else { return ids }
        return before(role) + ids.dropFirst(tokenizer.tokensBefore.count)
    }

    /// The tokens before a text: the mark and the prompt.
    package func before(_ role: EncoderRole) -> [Int32] { tokenizer.tokensBefore + prompts.tokens(role) }

    /// The tokens after a text.
    package var after: [Int32] { tokenizer.tokensAfter }

    /// A passage's tokens between what the encoder reads around them, cut to `length` and to what it reads.
    package func framed(_ text: some Collection<Int32>, atMost length: Int = .max) -> [Int32] {
        let (before, after) = (before(.passage), after)
        let room = max(0, min(length, maxTokens) - before.count - after.count)
        return before + text.prefix(room) + after
    }

    /// A passage's tokens without what stands around them, cut where ``framed(_:atMost:)`` cuts them.
    package func cut(_ text: [Int32]) -> ArraySlice<Int32> {
        text.prefix(max(0, maxTokens - before(.passage).count - after.count))
    }
}
