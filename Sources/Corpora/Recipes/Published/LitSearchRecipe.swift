/// LitSearch, questions about papers of machine learning and language processing (Ajith et al. 2024, arXiv:2407.18940): titles and
/// abstracts.
enum LitSearchRecipe: CorpusRecipe {
    static let name = "litsearch"
    static let summary = "LitSearch: its corpus_clean and query, each exported as JSON lines"
    static let takesFiles = true
    static let origin: CorpusOrigin? = CorpusOrigin(
        address: "https://huggingface.co/datasets/princeton-nlp/LitSearch",
        terms: "the repository MIT; each abstract belongs to the authors of its paper")

    /// Counts of the data set's card.
    static let figures = PublishedFigures(passages: 64_183, splits: ["full": .init(597)])

    private static let corpusMembers = JSONLineReader(members: ["corpusid", "title", "abstract"])
    private static let questionMembers = JSONLineReader(members: ["query", "corpusids"])
    private static let expected = """
        a file of JSON lines with corpusid, title and abstract and one with query and corpusids; \
        datasets.load_dataset("princeton-nlp/LitSearch", "corpus_clean", split="full").to_json("corpus.jsonl") writes the first
        """

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        var corpora: [InputFile] = []
        var questions: [InputFile] = []
        var others: [String] = []
        for input in try RecipeInput.find(request.files, for: name) {
            let first = try RecipeLines.first(input.file)
            if first.hasPrefix("PAR1") {
                throw .unrecognised(path: input.file.shown, reason: "parquet is not read here, expected \(expected)")
            }
            // Members of a list come in any order; "corpusids" does not contain "corpusid" with its quote.
            if first.contains("\"corpusids\"") {
                questions.append(input.file)
            } else if first.contains("\"corpusid\"") {
                corpora.append(input.file)
            } else {
                others.append(input.name)
            }
        }
        guard !corpora.isEmpty else { throw .option("there is no corpus among these files, expected \(expected)") }
        guard questions.count <= 1 else {
            throw .option(
                "\(questions[0].shown) and \(questions[1].shown) both have questions, expected one file of them")
        }
        let splits = try questions.map { (file) throws(CorpusError) in try split(file) }
        var collection = PublishedCollection(
            name: name, figures: figures,
            passages: { (body) throws(CorpusError) in
                for file in corpora {
                    try RecipeLines.forEach(file, { (line, _) throws(LineFault) in try passage(line) }, body)
                }
            }, splits: splits)
        if !others.isEmpty { collection.notes.append("not used: \(others.joined(separator: ", "))") }
        return try CollectionWriter.write(collection, request)
    }

    private static func passage(_ line: UnsafeRawBufferPointer) throws(LineFault) -> Passage {
        let record = try JSONRecord(line, corpusMembers)
        return Passage(id: try record.id(0, named: "corpusid"), title: record.text(1) ?? "", text: record.text(2) ?? "")
    }

    /// Questions have no identifier of their own; they are numbered by line.
    private static func split(_ file: InputFile) throws(CorpusError) -> PublishedCollection.Split {
        let judgements = JudgementTable()
        var queries: [Query] = []
        try RecipeLines.forEach(file) { (line, number) throws(LineFault) in
            let record = try JSONRecord(line, questionMembers)
            let query = Query(id: Identifier("q\(number)"), text: try record.text(0, named: "query"))
            for passage in try record.texts(1, named: "corpusids") {
                judgements.add(1, query: query.id, passage: Identifier(passage))
            }
            queries.append(query)
        }
        return .init(name: "full", questions: { body in queries.forEach(body) }, judgements: judgements)
    }
}
