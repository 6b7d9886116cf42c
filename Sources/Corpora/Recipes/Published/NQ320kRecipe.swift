/// NQ320k, the pages of Natural Questions (Kwiatkowski et al. 2019) as DSI (Tay et al. 2022, arXiv:2202.06991) and NCI (Wang et al.
/// 2022, arXiv:2206.02743) use them: a passage for each title, and for each question the page that it was asked about.
///
/// Two shapes are read: Google's own JSON lines (`document_text` or `document_tokens`, `question_text`), of which documents are made as
/// NCI does, and the JSON lines of DSI's reimplementations (`text_id`, and a `text` that begins with `document:` or `question:`).
enum NQ320kRecipe: CorpusRecipe {
    static let name = "nq320k"
    static let summary = "NQ320k: Google's Natural Questions as JSON lines, or DSI's text_id and text"
    static let takesFiles = true
    static let origin: CorpusOrigin? = CorpusOrigin(
        address: "https://ai.google.com/research/NaturalQuestions/download", terms: "CC BY-SA 3.0")

    private static let expected = """
        JSON lines with question_text and document_text (simplified-nq-train.jsonl) or document_tokens (nq-dev-all.jsonl), or with \
        text_id and text
        """

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        var google: [RecipeInput] = []
        var dsi: [RecipeInput] = []
        var others: [String] = []
        for input in try RecipeInput.find(request.files, for: name) {
            let first = try RecipeLines.first(input.file)
            if first.contains("\"question_text\"") {
                google.append(input)
            } else if first.contains("\"text_id\"") {
                dsi.append(input)
            } else {
                others.append(input.name)
            }
        }
        guard google.isEmpty != dsi.isEmpty else {
            let reason = google.isEmpty ? "none of these files is one of \(name)" : "these files are of two shapes"
            throw .option("\(reason), expected \(expected)")
        }
        // Documents are numbered from the training set on, as NCI does.
        let order = (google + dsi).sorted {
            (split(of: $0) == "train" ? 0 : 1, $0.name) < (split(of: $1) == "train" ? 0 : 1, $1.name)
        }
        var collection = google.isEmpty ? try DSICollection(order).collection : GoogleNQCollection(order).collection
        if !others.isEmpty { collection.notes.append("not used: \(others.joined(separator: ", "))") }
        return try CollectionWriter.write(collection, request)
    }

    /// `train`, or `dev` for whatever else a file is called.
    static func split(of input: RecipeInput) -> String { input.base.contains("train") ? "train" : "dev" }
}
