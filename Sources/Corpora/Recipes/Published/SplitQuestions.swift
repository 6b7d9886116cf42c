/// The questions of a split that are written: those that are judged or, where nobody judged any, all.
struct SplitQuestions {
    let name: String
    let judgements: JudgementTable
    private let sharesQuestions: Bool
    private(set) var questions: [Query] = []
    /// Questions in the file.
    private(set) var read = 0
    /// Questions whose identifier stood before, which are left out.
    private(set) var repeated = 0
    /// Judged questions that have a text.
    var judged: Int { judgements.count > 0 ? questions.count : 0 }

    /// - Parameters:
    ///   - limit: how many of those that nobody judged are kept, by their hashes; judged ones were chosen before.
    init(_ split: PublishedCollection.Split, limit: Int?, seed: UInt64) throws(CorpusError) {
        (name, judgements, sharesQuestions) = (split.name, split.judgements, split.sharesQuestions)
        let takesAll = judgements.count == 0
        var (read, repeated, questions, seen) = (0, 0, [Query](), Set<Identifier>())
        let judgements = judgements
        try split.questions { query in
            read += 1
            guard takesAll || judgements.isJudged(query: query.id) else { return }
            if seen.insert(query.id).inserted { questions.append(query) } else { repeated += 1 }
        }
        if takesAll, let limit, questions.count > limit {
            let order = questions.map { (SeededHash.of($0.id.string, seed: seed), $0.id) }.sorted(by: <)
            let kept = Set(order.prefix(limit).map { $0.1 })
            questions.removeAll { !kept.contains($0.id) }
        }
        (self.read, self.repeated, self.questions) = (read, repeated, questions)
    }

    /// What there is to know of it, in sentences.
    var notes: [String] {
        var notes: [String] = []
        if repeated > 0 {
            notes.append("questions of \(name) with the id of an earlier one, which are left out: \(repeated)")
        }
        guard judgements.count > 0 else { return notes + ["nobody judged the questions of \(name)"] }
        let unjudged = read - repeated - questions.count
        if !sharesQuestions, unjudged > 0 {
            notes.append("questions of \(name) without a judgement, which are left out: \(unjudged)")
        }
        let silent = judgements.queries.count - questions.count
        if silent > 0 { notes.append("judged questions of \(name) without a text in these files: \(silent)") }
        if judgements.repeated > 0 {
            notes.append("judgements of \(name) that stand again, of which the last counts: \(judgements.repeated)")
        }
        let missing = judgements.missing
        if let first = missing.first {
            notes.append(
                "judged passages of \(name) that are not in the corpus: \(missing.count), first \(first); their judgements stay, as "
                    + "elsewhere")
        }
        return notes
    }
}
