import Foundation

/// Orders passages by asking which of two is better (PRP, Qin et al. 2023), both ways round:
///
///     delta(a, b) = (z_A - z_B)(a first) - (z_A - z_B)(b first)
///
/// so that what the first place does by itself cancels. All pairs score a passage by the sum of sigmoid(delta); a heap or bubbles find
/// the best few with fewer questions.
struct PairwiseMethod: RerankMethod {
    private let asker: PromptAsker
    private let strategy: RerankOptions.Strategy
    private let top: Int

    static let entry = RerankMethods.Entry(
        "pairwise", "two at a time, both ways round, by a heap, bubbles or all pairs",
        ["strategy", "top", "passageTokens", "prompt"]
    ) { model, options in
        let prompt = RerankPrompt(
            before: "Query: {query}\n\nWhich of two passages is more relevant to the query?\n\n",
            passage: "Passage {label}: {passage}\n\n", after: "Answer Passage A or Passage B.", lead: "Passage")
        let asker = try PromptAsker(model, prompt, labels: ["A", "B"], passages: 2, options)
        guard asker.labels.texts.count == 2 else { throw RerankMethods.Fault.range("labels", expected: "two") }
        return PairwiseMethod(asker: asker, strategy: options.strategy ?? .heap, top: options.top ?? 10)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let pairs = Pairs(query, asker.passages(candidates, work), asker, work)
        if strategy == .all { return try everyPair(pairs, candidates.count, work) }
        let sorter: any Sorter =
            strategy == .heap ? HeapSorter(children: 2, top: top) : BubbleSorter(window: 2, top: top)
        var places = Array(candidates.indices)
        try work.whileBudgetLasts {
            try sorter.sort(&places) { group in
                try group.indices.dropFirst().reduce(0) { best, place in
                    let delta = try pairs.delta(group[place], group[best])
                    // Equals keep their order.
                    return delta > 0 || (delta == 0 && group[place] < group[best]) ? place : best
                }
            }
        }
        return places.map { Ranked($0) }
    }

    private func everyPair(_ pairs: Pairs, _ count: Int, _ work: RerankWork) throws -> [Ranked] {
        var scores = [Double](repeating: 0, count: count)
        // A passage that was not compared with all others is left out.
        var reached = 1
        try work.whileBudgetLasts {
            for place in 1..<max(1, count) {
                try pairs.ask(place, against: Array(0..<place))
                for other in 0..<place {
                    let delta = try pairs.delta(place, other)
                    scores[place] += 1 / (1 + exp(-delta))
                    scores[other] += 1 / (1 + exp(delta))
                }
                reached = place + 1
            }
        }
        return .sorted(Array(scores.prefix(min(reached, count))))
    }
}

/// The answers about pairs of one query's passages, each asked for once.
private final class Pairs {
    private let query: String
    private let passages: [PromptWriter.Passage]
    private let asker: PromptAsker
    private let work: RerankWork
    private let reader: PromptReader
    /// z_A - z_B, by first and second passage.
    private var known: [[Int]: Double] = [:]

    init(_ query: String, _ passages: [PromptWriter.Passage], _ asker: PromptAsker, _ work: RerankWork) {
        (self.query, self.passages, self.asker, self.work) = (query, passages, asker, work)
        reader = asker.model.reader()
    }

    /// How much better the first is; 0 where the model is not sure of any order.
    func delta(_ a: Int, _ b: Int) throws -> Double {
        try ask([[a, b], [b, a]])
        return (known[[a, b]] ?? 0) - (known[[b, a]] ?? 0)
    }

    /// Asks about many pairs together.
    func ask(_ place: Int, against others: [Int]) throws {
        try ask(others.flatMap { [[place, $0], [$0, place]] })
    }

    private func ask(_ pairs: [[Int]]) throws {
        let new = pairs.filter { known[$0] == nil }
        guard !new.isEmpty else { return }
        // The query and the first passage are read once for all the second ones.
        let prompts = new.map { pair in asker.prompt(query, pair.map { passages[$0] }, labelled: true, shared: 2) }
        for (pair, logits) in zip(new, try asker.logits(prompts, count: 2, reader, work)) {
            known[pair] = logits[0] - logits[1]
        }
    }
}
