/// A published collection that a recipe found in its files: how to read its passages, questions and judgements.
struct PublishedCollection {
    /// Questions that are judged together, such as `dev`.
    struct Split {
        let name: String
        /// Reads the questions, in the order of their file; those of other splits may be among them.
        let questions: (_ body: (Query) -> Void) throws(CorpusError) -> Void
        let judgements: JudgementTable
        /// Whether questions of other splits stand in the same file.
        var sharesQuestions = false
        /// Whether its judgements are known only when all passages were read.
        var isJudgedLater = false

        var isJudged: Bool { isJudgedLater || judgements.count > 0 }

        /// The lower it is, the rather its questions are evaluated: those of a judged set, and a test before a development set.
        var rank: Int {
            guard isJudged else { return 3 }
            let words = name.split { ".-_".contains($0) }
            if words.contains("test") { return 0 }
            return words.contains { $0 == "dev" || $0.hasPrefix("valid") } ? 1 : 2
        }
    }

    let name: String
    var figures = PublishedFigures()
    /// Reads the passages. Where judgements come from the passages' files, it adds them to the tables on the way, each before the
    /// passage that it is about.
    let passages: (_ body: (Passage) throws(CorpusError) -> Void) throws(CorpusError) -> Void
    var splits: [Split]
    /// Differences that only the recipe can tell, once all passages were read.
    var differences: () -> [CorpusDifference] = { [] }
    /// What is peculiar to the collection, in sentences.
    var notes: [String] = []
}
