/// The packages that apt knows on a Debian machine, with questions from their tags: ``DebianCorpus``.
enum DebianRecipe: CorpusRecipe {
    static let name = "debian"
    static let summary = "the packages of this machine's apt lists, with questions from their debtags"
    static let takesFiles = false

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let made = try DebianCorpus.make(
            into: request.folder, limit: request.limit,
            questionCount: request.questions ?? KnownItemQuestions.usualCount, seed: request.seed)
        return CorpusRecipeReport(
            passages: made.passages, questions: made.questions, judgements: made.judgements,
            notes: [
                "\(made.packages) packages are known; \(made.longDescriptions) of those written have a long description"
            ])
    }
}
