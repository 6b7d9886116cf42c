/// What keys are weighed against besides their counts.
package struct CorpusSize: Sendable, Equatable {
    /// The tokens of all passages, their document ends included.
    package var tokens: Int
    package var passages: Int

    package init(tokens: Int, passages: Int) {
        self.tokens = tokens
        self.passages = passages
    }

    /// The mean length of a passage, in tokens.
    package var meanLength: Double { Double(tokens) / Double(max(1, passages)) }
}
