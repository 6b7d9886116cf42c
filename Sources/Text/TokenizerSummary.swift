/// What a tokenizer is made of, for people.
public struct TokenizerSummary: Sendable, Equatable {
    /// The model: "WordPiece", "BPE", "Unigram" or "WordLevel".
    public let model: String
    /// The parts of each stage by the names that the file gives them, sequences taken apart.
    public let normalizers: [String]
    public let preTokenizers: [String]
    public let postProcessors: [String]
    public let decoders: [String]
    /// One more than the largest token number.
    public let vocabularySize: Int
    /// The spellings of the special tokens, in the file's order.
    public let specialTokens: [String]
    /// How many tokens were added to the model's own, special ones included.
    public let addedVocabularyCount: Int
    /// The special tokens put before and after a text.
    public let tokensBefore: [String]
    public let tokensAfter: [String]
}

extension Tokenizer {
    /// What the tokenizer is made of; O(special tokens).
    public var summary: TokenizerSummary {
        TokenizerSummary(
            model: model.kind, normalizers: normalizer.names, preTokenizers: preTokenizer.names,
            postProcessors: postProcessor.names, decoders: decoder.names,
            vocabularySize: vocabularySize,
            specialTokens: added.all.filter(\.isSpecial).map(\.content),
            addedVocabularyCount: added.all.count,
            tokensBefore: tokensBefore.compactMap(token), tokensAfter: tokensAfter.compactMap(token))
    }

    /// The special tokens that `encode` puts before a text.
    public var tokensBefore: [Int32] { postProcessor.before }

    /// The special tokens that `encode` puts after a text.
    public var tokensAfter: [Int32] { postProcessor.after }
}
