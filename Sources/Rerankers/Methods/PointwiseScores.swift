/// A number for each passage, from the logits of answers to a question about it alone.
struct PointwiseScores {
    private let asker: PromptAsker
    private let calibrates: Bool
    private let pruning: Pruning

    /// The options of a method that looks at each passage alone.
    static let options: Set<String> = ["passageTokens", "prompt", "alpha", "patience", "top"]

    /// Passages whose states are kept at a time.
    private static let batch = 16

    /// - Parameter calibrates: whether the same question with a query that says nothing is asked, too, and its number taken off.
    init(_ asker: PromptAsker, calibrates: Bool, _ options: RerankOptions) {
        (self.asker, self.calibrates, pruning) = (asker, calibrates, Pruning(options))
    }

    /// - Parameter value: of the labels' logits, which are known up to a constant.
    /// - Returns: the scores of the candidates that the budget reached, which are the first.
    func of(
        _ query: String, _ candidates: [RerankCandidate], _ work: RerankWork, value: ([Double]) -> Double
    ) throws -> [Double] {
        // The passage's piece is shared where it comes before both queries.
        let shared = calibrates && asker.asksAfterwards ? 2 : 1
        let queries = calibrates ? [query, PromptAsker.contentFreeQuery] : [query]
        return try passages(candidates, work) { passages, reader in
            let answers = try queries.map { query in
                try asker.logits(
                    passages.map { asker.prompt(query, [$0], labelled: false, shared: shared) },
                    count: asker.labels.texts.count, reader, work
                ).map(value)
            }
            return passages.indices.map { answers[0][$0] - (calibrates ? answers[1][$0] : 0) }
        }
    }

    /// The log-probability of a text after a question about each passage.
    func logProbs(of text: [Int32], _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Double] {
        try passages(candidates, work) { passages, reader in
            try reader.logProbs(of: text, after: passages.map { asker.prompt("", [$0], labelled: false) }, work)
        }
    }

    private func passages(
        _ candidates: [RerankCandidate], _ work: RerankWork,
        _ score: ([PromptWriter.Passage], PromptReader) throws -> [Double]
    ) throws -> [Double] {
        let reader = asker.model.reader()
        let passages = asker.passages(candidates, work)
        return try pruning.scores(candidates, batch: Self.batch, work) { part in
            defer { reader.forget() }
            return try score(Array(passages[part]), reader)
        }
    }
}
