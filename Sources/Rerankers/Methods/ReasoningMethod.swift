/// Setwise with reasons (Rank-R1, Zhuang et al. 2025): the model thinks in words, for as many tokens as it may, then names the best of a
/// few. Its answer is read from the logits of the letters, so that it cannot be malformed.
struct ReasoningMethod: RerankMethod {
    private let asker: PromptAsker
    private let sorter: HeapSorter
    private let reasoningTokens: Int

    static let entry = RerankMethods.Entry(
        "reasoning", "which of a few is the best, after thinking in words",
        ["children", "top", "reasoningTokens", "passageTokens", "prompt"]
    ) { model, options in
        let prompt = RerankPrompt(
            system: """
                Think about which passage is the most relevant to the query, between <think> and </think>. Then give the letter of that \
                passage, between <answer> and </answer>.
                """,
            before: "Query: {query}\n\nHere are {count} passages.\n\n", passage: "[{label}] {passage}\n\n",
            after: "Which of the passages {labels} is the most relevant to the query?", lead: "<think>")
        let children = options.children ?? 3
        let labels = options.prompt?.labels ?? PassageLabels.letters
        guard children < labels.count else {
            throw RerankMethods.Fault.range("children", expected: "less than \(labels.count)")
        }
        var own = options
        own.prompt?.labels = nil
        return ReasoningMethod(
            asker: try PromptAsker(
                model, prompt, labels: Array(labels.prefix(children + 1)), passages: children + 1, own),
            sorter: HeapSorter(children: children, top: options.top ?? 10),
            reasoningTokens: options.reasoningTokens ?? 64)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let passages = asker.passages(candidates, work)
        let writer = AnswerWriter(asker.model, asker.labels)
        let (end, answer) = (
            asker.writer.tokens(of: "</think>", atMost: .max),
            asker.writer.tokens(of: "\n</think>\n<answer>[", atMost: .max)
        )
        var places = Array(candidates.indices)
        try work.whileBudgetLasts {
            try sorter.sort(&places) { group in
                let prompt = asker.prompt(query, group.map { passages[$0] }, labelled: true)
                return try writer.reasoned(
                    prompt, count: group.count, thinkingAtMost: reasoningTokens, end: end, answer: answer, work)
            }
        }
        return places.map { Ranked($0) }
    }
}
