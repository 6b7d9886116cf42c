/// What reranking took.
public struct RerankCost: Sendable, Equatable, Codable {
    public var queries = 0
    /// Prompts that were answered.
    public var calls = 0
    /// Tokens of all prompts, were each read for itself.
    public var promptTokens = 0
    /// Tokens that were read: what prompts begin with alike is read once.
    public var readTokens = 0
    public var generatedTokens = 0
    /// Passages that were cut to the tokens that a prompt has for one.
    public var truncated = 0
    /// Answers that were not what was asked for. Labels read from probabilities and answers written under a constraint cannot be.
    public var malformed = 0
    /// Queries whose budget ended before the method did.
    public var cutShort = 0
    public var seconds = 0.0

    public init() {}

    /// Together with others.
    public static func + (a: RerankCost, b: RerankCost) -> RerankCost {
        var sum = a
        sum.queries += b.queries
        sum.calls += b.calls
        sum.promptTokens += b.promptTokens
        sum.readTokens += b.readTokens
        sum.generatedTokens += b.generatedTokens
        sum.truncated += b.truncated
        sum.malformed += b.malformed
        sum.cutShort += b.cutShort
        sum.seconds += b.seconds
        return sum
    }
}
