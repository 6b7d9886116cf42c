/// Scores each passage by how likely the model is to ask the query about it: the mean log-probability of the query's tokens
/// (UPR, Sachan et al. 2022).
struct QueryLikelihoodMethod: RerankMethod {
    private let asker: PromptAsker

    static let entry = RerankMethods.Entry(
        "likelihood", "each passage by the probability of the query after it", ["passageTokens", "prompt"]
    ) { model, options in
        let prompt = RerankPrompt(
            passage: "Passage: {passage}\n\n", after: "Write a query that this passage answers.")
        return QueryLikelihoodMethod(
            asker: try PromptAsker(model, prompt, labels: [], passages: 1, options))
    }

    private static let batch = 16

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let reader = asker.model.reader()
        let passages = asker.passages(candidates, work)
        let tokens = asker.writer.tokens(of: query, atMost: asker.writer.queryTokens)
        guard !tokens.isEmpty else { return [] }
        var scores: [Double] = []
        let batch = work.isBounded ? 1 : Self.batch
        try work.whileBudgetLasts {
            for first in stride(from: 0, to: passages.count, by: batch) {
                let part = passages[first..<min(passages.count, first + batch)]
                let prompts = part.map { asker.prompt("", [$0], labelled: false) }
                scores += try reader.logProbs(of: tokens, after: prompts, work).map { $0 / Double(tokens.count) }
                reader.forget()
            }
        }
        return .sorted(scores)
    }
}
