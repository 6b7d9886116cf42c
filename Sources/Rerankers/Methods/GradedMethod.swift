import Foundation

/// Scores each passage by the grade that the model expects it to have, 0 to 3: the mean of the grades under the probabilities of their
/// digits (Zhuang et al. 2024).
struct GradedMethod: RerankMethod {
    private let scores: PointwiseScores

    static let grades = ["0", "1", "2", "3"]

    static let entry = RerankMethods.Entry(
        "graded", "each passage by its expected grade, 0 to 3", PointwiseScores.options.union(["calibrate"])
    ) { model, options in
        let prompt = RerankPrompt(
            before: "Query: {query}\n\n", passage: "Passage: {passage}\n\n",
            after: """
                Grade how well the passage answers the query: 0 if it has nothing to do with it, 1 if it is about the same thing and \
                does not answer it, 2 if it answers it in part, 3 if it answers it. Reply with the grade alone.
                """, lead: "Grade:")
        return GradedMethod(
            scores: PointwiseScores(
                try PromptAsker(model, prompt, labels: grades, passages: 1, options),
                calibrates: options.calibrate ?? false, options))
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        .sorted(try scores.of(query, candidates, work, value: Self.expected))
    }

    /// The mean of 0, 1, 2, ... under the probabilities that logits give them.
    static func expected(_ logits: [Double]) -> Double {
        let most = logits.max() ?? 0
        let parts = logits.map { exp($0 - most) }
        let total = parts.reduce(0, +)
        return parts.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total
    }
}
