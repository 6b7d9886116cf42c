/// Scores each passage by how likely the model is to ask the query about it: the mean log-probability of the query's tokens
/// (UPR, Sachan et al. 2022).
struct QueryLikelihoodMethod: RerankMethod {
    private let writer: PromptWriter
    private let scores: PointwiseScores

    static let entry = RerankMethods.Entry(
        "likelihood", "each passage by the probability of the query after it", PointwiseScores.options
    ) { model, options in
        let prompt = RerankPrompt(
            passage: "Passage: {passage}\n\n", after: "Write a query that this passage answers.")
        let asker = try PromptAsker(model, prompt, labels: [], passages: 1, options)
        return QueryLikelihoodMethod(
            writer: asker.writer, scores: PointwiseScores(asker, calibrates: false, options))
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let tokens = writer.tokens(of: query, atMost: writer.queryTokens)
        guard !tokens.isEmpty else { return [] }
        return .sorted(try scores.logProbs(of: tokens, candidates, work).map { $0 / Double(tokens.count) })
    }
}
