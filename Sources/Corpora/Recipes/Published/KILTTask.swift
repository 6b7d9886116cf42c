/// A file of KILT's questions and where their answers stand.
final class KILTTask {
    private struct Provenance {
        /// The place of its question.
        let question: Int
        /// Nil where the whole page is meant, as for entities.
        let stretch: KILTPage.Stretch?
    }

    let name: String
    private let judgements = JudgementTable()
    private var questions: [Query] = []
    private var provenances: [String: [Provenance]] = [:]
    private var seen: Set<String> = []

    private static let members = JSONLineReader(members: ["id", "input", "output"])
    private static let outputMembers = JSONLineReader(members: ["provenance"])
    private static let provenanceMembers = JSONLineReader(members: [
        "wikipedia_id", "start_paragraph_id", "start_character", "end_paragraph_id", "end_character",
    ])

    /// Reads the file; memory grows with its questions.
    init(name: String, file: InputFile) throws(CorpusError) {
        self.name = name
        var (questions, provenances) = ([Query](), [String: [Provenance]]())
        try RecipeLines.forEach(file) { (line, _) throws(LineFault) in
            let record = try JSONRecord(line, Self.members)
            let id = Identifier(try record.id(0, named: "id"))
            questions.append(Query(id: id, text: try record.text(1, named: "input")))
            try record.forEachElement(2, named: "output") { (raw) throws(LineFault) in
                let output = try JSONRecord(raw, Self.outputMembers)
                try output.forEachElement(0, named: "provenance") { (raw) throws(LineFault) in
                    let provenance = try JSONRecord(raw, Self.provenanceMembers)
                    let page = try provenance.id(0, named: "wikipedia_id")
                    provenances[page, default: []].append(
                        Provenance(question: questions.count - 1, stretch: Self.stretch(provenance)))
                }
            }
        }
        (self.questions, self.provenances) = (questions, provenances)
    }

    var split: PublishedCollection.Split {
        .init(
            name: name, questions: { [questions] body in questions.forEach(body) }, judgements: judgements,
            isJudgedLater: !provenances.isEmpty)
    }

    /// Pages that are named and were not among those that were read.
    var unseenPages: Int { provenances.keys.count { !seen.contains($0) } }

    /// Judges a passage relevant to the questions whose answers stand in it.
    func judge(_ passage: KILTPage.CutPassage, of page: String) {
        guard let named = provenances[page] else { return }
        seen.insert(page)
        var judged: Set<Int> = []
        for provenance in named where provenance.stretch.map(passage.stretch.overlaps) ?? true {
            guard judged.insert(provenance.question).inserted else { continue }
            judgements.add(1, query: questions[provenance.question].id, passage: Identifier(passage.passage.id))
        }
    }

    /// Nil where no paragraph is named.
    private static func stretch(_ record: JSONRecord) -> KILTPage.Stretch? {
        guard let first = record.number(1) else { return nil }
        let last = record.number(3) ?? first
        return KILTPage.Stretch(first: (first, record.number(2) ?? 0), last: (last, record.number(4) ?? .max))
    }
}
