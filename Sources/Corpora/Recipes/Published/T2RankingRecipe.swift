/// T2Ranking, passages of the Chinese web with questions of a search engine (Xie et al. 2023, arXiv:2304.03679).
///
/// `qrels.retrieval.SPLIT.tsv` names the relevant passages (grades 2 and 3, which become 1); `qrels.SPLIT.tsv` has all four grades, and
/// is a split `SPLIT.graded` of the same questions.
enum T2RankingRecipe: CorpusRecipe {
    static let name = "t2ranking"
    static let summary = "T2Ranking (Chinese): collection.tsv, queries.*.tsv, qrels.retrieval.*.tsv, qrels.*.tsv"
    static let takesFiles = true
    static let origin: CorpusOrigin? = CorpusOrigin(
        address: "https://huggingface.co/datasets/THUIR/T2Ranking", terms: "Apache License 2.0")

    /// Counts of the README of THUIR/T2Ranking.
    static let figures = PublishedFigures(
        passages: 2_303_643,
        splits: [
            "train": .init(258_042, judgements: 744_663), "dev": .init(24_832, judgements: 118_933),
            "test": .init(24_832),
            "train.graded": .init(258_042, judgements: 1_613_421), "dev.graded": .init(24_832, judgements: 400_536),
        ])

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let inputs = try RecipeInput.find(request.files, for: name)
        let files = try SplitFiles(
            inputs, of: name,
            expecting: "collection.tsv, queries.SPLIT.tsv, qrels.retrieval.SPLIT.tsv and qrels.SPLIT.tsv", role: role
        ) { split in split.hasSuffix(graded) ? String(split.dropLast(graded.count)) : nil }
        return try SplitFilesCollection.write(
            files, request, figures: figures, headers: ["pid", "qid"], name: name
        ) { (table, file, split) throws(CorpusError) in
            guard !split.hasSuffix(graded) else { return try table.read(file) }
            try RecipeLines.forEach(file) { (line, number) throws(LineFault) in
                let row = try RecipeLines.pair(line, number, expecting: "qid<TAB>pid", headers: ["qid"])
                if let row { table.add(1, query: Identifier(row.first), passage: Identifier(row.second)) }
            }
        }
    }

    private static let graded = ".graded"

    private static func role(_ name: String) -> SplitFiles.Role? {
        if name == "collection.tsv" { return .passages }
        if let split = SplitFiles.part(of: name, between: "queries.", and: ".tsv") { return .questions(split: split) }
        guard let split = SplitFiles.part(of: name, between: "qrels.", and: ".tsv") else { return nil }
        guard let binary = SplitFiles.part(of: split, between: "retrieval.", and: "") else {
            return .judgements(split: split + graded)
        }
        return .judgements(split: binary)
    }
}
