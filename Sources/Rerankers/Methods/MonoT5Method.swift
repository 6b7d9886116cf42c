import Foundation
import Transformers

/// Scores each passage by the log-probability of "true" against "false", as the first word that an encoder-decoder says to query and
/// passage (monoT5, Nogueira et al. 2020).
struct MonoT5Method: RerankMethod {
    private let scores: PointwiseScores

    static let entry = RerankMethods.Entry(
        "monot5", "each passage by the log-probability of true, by an encoder-decoder", PointwiseScores.options
    ) { model, options in
        guard model.language.model.configuration.encoder != nil else {
            throw RerankMethods.Fault.needs("a model with an encoder, such as T5", method: "monot5")
        }
        let prompt = RerankPrompt(before: "Query: {query} Document:", passage: " {passage}", after: " Relevant:")
        let asker = try PromptAsker(model, prompt, labels: ["true", "false"], passages: 1, options)
        return MonoT5Method(scores: PointwiseScores(asker, calibrates: false, options))
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        .sorted(try scores.of(query, candidates, work) { -log1p(exp($0[1] - $0[0])) })
    }
}
