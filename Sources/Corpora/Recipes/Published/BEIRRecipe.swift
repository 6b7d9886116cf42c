import Foundation

/// Data sets in BEIR's layout, as folders or as the zip files that BEIR ships: counted, checked, unpacked, with one split's questions
/// to evaluate.
///
/// CQADupStack is twelve data sets in one folder: each becomes a corpus of its own, as BEIR evaluates them.
enum BEIRRecipe: CorpusRecipe {
    static let name = "beir"
    static let summary = "a data set of BEIR: the folder or zip with corpus.jsonl, queries.jsonl and qrels/*.tsv"
    static let takesFiles = true
    static let origin: CorpusOrigin? = CorpusOrigin(
        address: "https://github.com/beir-cellar/beir",
        terms: "each data set has its own licence, which BEIR leaves to you to find and to keep")

    private static let members = JSONLineReader(members: ["_id", "text"])
    private static let layout = "corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv in one folder"

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let inputs = try RecipeInput.find(request.files, for: name)
        let (wrong, checked) = try Checksums.differences(request.files, BEIRFigures.checksums)
        if request.isStrict, !wrong.isEmpty { throw .differs(wrong) }
        let folders = inputs.filter { $0.base == "corpus.jsonl" }
        guard !folders.isEmpty else {
            throw .option("there is no corpus.jsonl among these files; beir needs \(layout)")
        }
        var total = CorpusRecipeReport(passages: 0, questions: 0, judgements: 0, differences: wrong)
        if checked > 0, wrong.isEmpty { total.notes.append("checksums of \(checked) files are as published") }
        for corpus in folders {
            let name = dataset(corpus.folder)
            let place = folders.count == 1 ? request.folder : request.folder.appending(path: corpus.folder)
            let collection = try collection(name, corpus, inputs.filter { $0.name.hasPrefix(corpus.folder) })
            let made = try CollectionWriter.write(collection, request, to: place)
            total.passages += made.passages
            total.questions += made.questions
            total.judgements += made.judgements
            let prefix = folders.count == 1 ? "" : "\(corpus.folder): "
            total.notes += made.notes.map { prefix + $0 }
            total.differences += made.differences.map {
                .init(prefix + $0.what, published: $0.published, found: $0.found)
            }
        }
        if folders.count > 1 {
            total.notes.append("\(folders.count) corpora were made, each in a folder of its own")
            if folders.contains(where: { dataset($0.folder).hasPrefix("cqadupstack/") }) {
                total.notes.append("figures that are published for cqadupstack are means over its 12 corpora")
            }
        }
        return total
    }

    /// The name by which a data set is known: the last folder, and for CQADupStack the one above it, too.
    private static func dataset(_ folder: String) -> String {
        let parts = folder.split(separator: "/")
        return parts.suffix(parts.dropLast().last == "cqadupstack" ? 2 : 1).joined(separator: "/")
    }

    private static func collection(
        _ name: String, _ corpus: RecipeInput, _ inputs: [RecipeInput]
    ) throws(CorpusError) -> PublishedCollection {
        let own = corpus.folder.isEmpty ? "" : corpus.folder + "/"
        guard let queries = inputs.first(where: { $0.name == own + "queries.jsonl" })?.file else {
            throw .option("\(corpus.file.shown) has no queries.jsonl beside it, expected \(layout)")
        }
        var splits: [PublishedCollection.Split] = []
        for input in inputs where input.folder == own + "qrels" {
            guard let split = SplitFiles.part(of: input.base, between: "", and: ".tsv") else { continue }
            let judgements = JudgementTable()
            try judgements.read(input.file)
            splits.append(
                .init(
                    name: split, questions: { (body) throws(CorpusError) in try read(queries, body) },
                    judgements: judgements,
                    sharesQuestions: true))
        }
        guard !splits.isEmpty else {
            throw .option("\(corpus.file.shown) has no qrels/*.tsv beside it, expected \(layout)")
        }
        var collection = PublishedCollection(
            name: name, figures: BEIRFigures.of(name),
            passages: { (body) throws(CorpusError) in
                try RecipeLines.forEach(
                    corpus.file, { (line, _) throws(LineFault) in try PassageParser.json.parsed(line) }, body)
            }, splits: splits)
        if name == "arguana" || name == "quora" {
            collection.notes.append(
                "questions of \(name) are passages, too, and BEIR passes over a question's own: awk '$1 != $3' takes them out of a run"
            )
        }
        return collection
    }

    private static func read(_ file: InputFile, _ body: (Query) -> Void) throws(CorpusError) {
        try RecipeLines.forEach(file) { (line, _) throws(LineFault) in
            let record = try JSONRecord(line, members)
            body(Query(id: Identifier(try record.id(0, named: "_id")), text: try record.text(1, named: "text")))
        }
    }
}
