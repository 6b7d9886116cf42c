/// What a tokenizer is made of, for people.
package struct TokenizerSummary: Sendable, Equatable {
    /// The model: "WordPiece", "BPE", "Unigram" or "WordLevel".
    package let model: String
    /// The parts of each stage by the names that the file gives them, sequences taken apart.
    package let normalizers: [String]
    package let preTokenizers: [String]
    package let postProcessors: [String]
    package let decoders: [String]
    /// One more than the largest token number.
    package let vocabularySize: Int
    /// The spellings of the special tokens, in the file's order.
    package let specialTokens: [String]
    /// The special tokens put before and after a text.
    package let tokensBefore: [String]
    package let tokensAfter: [String]
}

extension Tokenizer {
    /// What the tokenizer is made of; O(special tokens).
    package var summary: TokenizerSummary {
        TokenizerSummary(
            model: model.kind, normalizers: normalizer.names, preTokenizers: preTokenizer.names,
            postProcessors: postProcessor.names, decoders: decoder.names,
            vocabularySize: vocabularySize,
            specialTokens: added.all.filter(\.isSpecial).map(\.content),
            tokensBefore: tokensBefore.compactMap(token), tokensAfter: tokensAfter.compactMap(token))
    }

    /// The special tokens that `encode` puts before a text.
    package var tokensBefore: [Int32] { postProcessor.before }

    /// The special tokens that `encode` puts after a text.
    package var tokensAfter: [Int32] { postProcessor.after }
}
