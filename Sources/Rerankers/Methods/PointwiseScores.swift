/// A number for each passage, from the logits of answers to a question about it alone.
struct PointwiseScores {
    private let asker: PromptAsker
    private let calibrates: Bool

    /// Passages whose states are kept at a time.
    private static let batch = 16

    /// - Parameter calibrates: whether the same question with a query that says nothing is asked, too, and its number taken off.
    init(_ asker: PromptAsker, calibrates: Bool) { (self.asker, self.calibrates) = (asker, calibrates) }

    /// - Parameter value: of the labels' logits, which are known up to a constant.
    /// - Returns: the scores of the candidates that the budget reached, which are the first.
    func of(
        _ query: String, _ candidates: [RerankCandidate], _ work: RerankWork, value: ([Double]) -> Double
    ) throws -> [Double] {
        let reader = asker.model.reader()
        let passages = asker.passages(candidates, work)
        // The passage's piece is shared where it comes before both queries.
        let shared = calibrates && asker.asksAfterwards ? 2 : 1
        let queries = calibrates ? [query, PromptAsker.contentFreeQuery] : [query]
        var scores: [Double] = []
        let batch = work.isBounded ? 1 : Self.batch
        try work.whileBudgetLasts {
            for first in stride(from: 0, to: passages.count, by: batch) {
                let part = passages[first..<min(passages.count, first + batch)]
                let answers = try queries.map { query in
                    try asker.logits(
                        part.map { asker.prompt(query, [$0], labelled: false, shared: shared) },
                        count: asker.labels.texts.count, reader, work
                    ).map(value)
                }
                scores += part.indices.map { place in
                    answers[0][place - first] - (calibrates ? answers[1][place - first] : 0)
                }
                reader.forget()
            }
        }
        return scores
    }
}
