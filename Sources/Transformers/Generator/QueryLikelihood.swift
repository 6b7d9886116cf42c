import Tensors
import Text

/// How likely a query is to be asked of a passage, by a generator's task "question": the query likelihood
/// model (Ponte and Croft 1998) with a network for the passage's language (Nogueira, dos Santos et al. 2020;
/// Sachan et al. 2022).
package struct QueryLikelihood: Sendable {
    /// The most tokens of a passage that are read, special ones included, as in training.
    package static let passageTokens = 192

    package let model: GeneratorModel
    private let task: Int
    private let end: Int32

    /// Nil where the generator was not trained to write questions.
    package init?(_ model: GeneratorModel) {
        guard let task = model.task("question"), let end = model.end else { return nil }
        self.model = model
        self.task = task
        self.end = end
    }

    /// A passage as it is read, from the tokens of its title and body: between the encoder's marks, cut to a length;
    /// one token where nothing would be left.
    package static func passage(
        _ text: [Int32], _ encoder: SentenceEncoder, atMost length: Int = passageTokens
    ) -> [Int32] {
        let tokens = encoder.framed(text, atMost: length)
        return tokens.isEmpty ? [encoder.tokenizer.separatorID ?? 0] : tokens
    }

    /// The mean of log p(token | tokens before it, passage) over a query's tokens and the token that ends
    /// it, for each passage: [passages].
    ///
    /// Tokens beyond ``GeneratorConfiguration/maximumLength`` are left out, which for a query that is so
    /// long is the end too. A passage's result does not depend on the others, to the last bit.
    ///
    /// - Parameters:
    ///   - query: tokens without special ones.
    ///   - passages: each with at least one token.
    /// - Complexity: a pass of passages × tokens rows through the decoder, and their product with the
    ///   vocabulary.
    package func meanLogProbs(
        of query: [Int32], given passages: [GeneratorModel.Source],
        team: ThreadTeam = ThreadTeam(threads: 1)
    ) -> [Float] {
        guard !passages.isEmpty else { return [] }
        let tokens = Array((query + [end]).prefix(model.configuration.maximumLength))
        let session = model.session(passages, tasks: [task], team: team)
        return session.logProbs(underAllSources: tokens).map { $0 / Float(tokens.count) }
    }
}
