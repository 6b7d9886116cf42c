import Foundation
import Transformers

/// Scores each passage by the log-probability of "true" against "false", as the first word that an encoder-decoder says to query and
/// passage (monoT5, Nogueira et al. 2020).
struct MonoT5Method: RerankMethod {
    private let asker: PromptAsker

    static let entry = RerankMethods.Entry(
        "monot5", "each passage by the log-probability of true, by an encoder-decoder", ["passageTokens", "prompt"]
    ) { model, options in
        guard model.language.model.configuration.encoder != nil else {
            throw RerankMethods.Fault.needs("a model with an encoder, such as T5", method: "monot5")
        }
        let prompt = RerankPrompt(before: "Query: {query} Document:", passage: " {passage}", after: " Relevant:")
        return MonoT5Method(asker: try PromptAsker(model, prompt, labels: ["true", "false"], passages: 1, options))
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        .sorted(
            try PointwiseScores(asker, calibrates: false).of(query, candidates, work) { -log1p(exp($0[1] - $0[0])) })
    }
}
