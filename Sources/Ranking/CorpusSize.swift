/// What keys are weighed against besides their counts.
public struct CorpusSize: Sendable, Equatable {
    /// The tokens of all passages, their document ends included.
    public var tokens: Int
    public var passages: Int

    public init(tokens: Int, passages: Int) {
        self.tokens = tokens
        self.passages = passages
    }

    /// The mean length of a passage, in tokens.
    public var meanLength: Double { Double(tokens) / Double(max(1, passages)) }
}
