/// Scores each passage by the log-odds that the model says it is relevant, read from the logits of the two answers (Zhuang et al. 2023;
/// the fine-grained score of ProRank, Li et al. 2025).
struct YesNoMethod: RerankMethod {
    private let scores: PointwiseScores

    static let entry = RerankMethods.Entry(
        "yesno", "each passage by the log-odds of yes against no", PointwiseScores.options.union(["calibrate"])
    ) { model, options in
        let calibrates = options.calibrate ?? true
        // Calibrated the query comes last, so that a passage is read once for both questions.
        let prompt =
            calibrates
            ? RerankPrompt(
                before: "Here is a passage from a collection.\n\n", passage: "Passage: {passage}\n\n",
                after: "Query: {query}\n\nDoes the passage answer the query? Reply Yes or No.")
            : RerankPrompt(
                before: "Query: {query}\n\n", passage: "Passage: {passage}\n\n",
                after: "Does the passage answer the query? Reply Yes or No.")
        return try YesNoMethod(model, prompt, labels: ["Yes", "No"], calibrates: calibrates, options)
    }

    static let fineEntry = RerankMethods.Entry(
        "prorank", "each passage by the logit of 1 against that of 0", PointwiseScores.options.union(["calibrate"])
    ) { model, options in
        let prompt = RerankPrompt(
            before: "query: {query}\n", passage: "document: {passage}\n",
            after: "Decide whether the document is relevant to the query: 1 if it is, 0 if it is not.",
            lead: "relevance:")
        return try YesNoMethod(model, prompt, labels: ["1", "0"], calibrates: options.calibrate ?? false, options)
    }

    private init(
        _ model: PromptedModel, _ prompt: RerankPrompt, labels: [String], calibrates: Bool, _ options: RerankOptions
    ) throws {
        let asker = try PromptAsker(model, prompt, labels: labels, passages: 1, options)
        guard asker.labels.texts.count == 2 else { throw RerankMethods.Fault.range("labels", expected: "two") }
        scores = PointwiseScores(asker, calibrates: calibrates, options)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        .sorted(try scores.of(query, candidates, work) { $0[0] - $0[1] })
    }
}
