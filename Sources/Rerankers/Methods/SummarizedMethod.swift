import Text

/// A method that reads long passages by their sentences about the query (`summary=true`).
struct SummarizedMethod: RerankMethod {
    let method: any RerankMethod
    /// The most tokens of a passage, in words of the model.
    let limit: Int
    let tokenizer: Tokenizer

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let summary = QuerySummary(query, among: candidates.map(\.text))
        let cut = candidates.map { candidate in
            var candidate = candidate
            candidate.text = summary.summary(of: candidate.text, limit: limit) {
                tokenizer.encode($0, addSpecialTokens: false).ids.count
            }
            return candidate
        }
        return try method.rank(query, cut, work)
    }
}
