/// Orders a window of passages by the logits of their letters as the first token of an answer (FIRST, Reddy et al. 2024): one prompt a
/// window. Windows go from the last place to the first.
struct FirstTokenMethod: RerankMethod {
    private let groups: LabelledGroups
    private let windows: WindowOrder

    static let prompt = RerankPrompt(
        before: "Here are {count} passages, each with a letter.\n\n", passage: "[{label}] {passage}\n\n",
        after: """
            Query: {query}

            Rank the passages by their relevance to the query, the most relevant first, as letters in brackets.
            """, lead: "[")

    static let entry = RerankMethods.Entry(
        "first", "a window at once, by the logits of letters",
        ["window", "stride", "passes", "permutations", "calibrate", "passageTokens", "prompt"]
    ) { model, options in
        let window = options.window ?? 20
        return FirstTokenMethod(
            groups: try LabelledGroups(model, prompt, size: window, calibrates: true, options),
            windows: WindowOrder(
                size: window, stride: options.stride ?? max(1, window / 2), passes: options.passes ?? 1))
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let asked = groups.asked(query, candidates, work)
        var places = Array(candidates.indices)
        var scores = [Double](repeating: 0, count: candidates.count)
        try work.whileBudgetLasts {
            try windows.sort(&places) { window in
                let own = try asked.scores(window)
                for (place, score) in zip(window, own) { scores[place] = score }
                return [Ranked].sorted(own).map { window[$0.place] }
            }
        }
        // Scores of different windows cannot be compared.
        let isOneWindow = candidates.count <= windows.size && windows.passes == 1
        return places.map { Ranked($0, isOneWindow && work.cost.cutShort == 0 ? scores[$0] : nil) }
    }
}
