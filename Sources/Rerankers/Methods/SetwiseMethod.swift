/// Orders passages by asking which of a few is the best (Zhuang et al. 2024), read from the logits of their letters: the best by a heap
/// or by bubbles. With several permutations the same few are shown in other orders, too, and their log-probabilities averaged.
struct SetwiseMethod: RerankMethod {
    private let groups: LabelledGroups
    private let strategy: RerankOptions.Strategy
    private let children: Int
    private let top: Int

    static let prompt = RerankPrompt(
        before: "Query: {query}\n\nHere are {count} passages.\n\n", passage: "Passage {label}: {passage}\n\n",
        after: "Which of the passages {labels} is the most relevant to the query? Answer with its letter alone.",
        lead: "Passage")

    static let entry = RerankMethods.Entry(
        "setwise", "which of a few is the best, by a heap or bubbles",
        ["strategy", "children", "top", "permutations", "calibrate", "passageTokens", "prompt"]
    ) { model, options in
        guard options.strategy != .all else { throw RerankMethods.Fault.range("strategy", expected: "heap or bubble") }
        let children = options.children ?? 3
        return SetwiseMethod(
            groups: try LabelledGroups(model, prompt, size: children + 1, calibrates: false, options),
            strategy: options.strategy ?? .heap, children: children, top: options.top ?? 10)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let asked = groups.asked(query, candidates, work)
        let sorter: any Sorter =
            strategy == .bubble
            ? BubbleSorter(window: children + 1, top: top) : HeapSorter(children: children, top: top)
        var places = Array(candidates.indices)
        var known: [[Int]: Int] = [:]
        try work.whileBudgetLasts {
            try sorter.sort(&places) { group in
                if let best = known[group] { return best }
                let scores = try asked.scores(group)
                // The first stays where nothing is better.
                let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
                known[group] = best
                return best
            }
        }
        return places.map { Ranked($0) }
    }
}
