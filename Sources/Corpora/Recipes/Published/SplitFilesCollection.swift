/// Collections of `id<TAB>text` passages and questions, as MS MARCO set the fashion.
enum SplitFilesCollection {
    /// - Parameters:
    ///   - headers: what the first column of a header is called; no headers where it is empty.
    ///   - judge: reads the judgements of a split.
    static func write(
        _ files: SplitFiles, _ request: CorpusRequest, figures: PublishedFigures, headers: Set<String>, name: String,
        judge: (JudgementTable, InputFile, _ split: String) throws(CorpusError) -> Void
    ) throws(CorpusError) -> CorpusRecipeReport {
        let (wrong, checked) = try Checksums.differences(request.files, figures.checksums)
        if request.isStrict, !wrong.isEmpty { throw .differs(wrong) }
        var splits: [PublishedCollection.Split] = []
        for (name, questions, judgements) in files.splits {
            let table = JudgementTable()
            if let judgements { try judge(table, judgements, name) }
            splits.append(
                .init(
                    name: name, questions: { (body) throws(CorpusError) in try read(questions, headers, body) },
                    judgements: table))
        }
        var collection = PublishedCollection(
            name: name, figures: figures,
            passages: { (body) throws(CorpusError) in
                try readPassages(files.passages, headers, body)
            }, splits: splits)
        collection.differences = { wrong }
        if checked > 0, wrong.isEmpty { collection.notes.append("checksums of \(checked) files are as published") }
        if !files.others.isEmpty { collection.notes.append("not used: \(files.others.joined(separator: ", "))") }
        return try CollectionWriter.write(collection, request)
    }

    private static func read(
        _ file: InputFile, _ headers: Set<String>, _ body: (Query) -> Void
    ) throws(CorpusError) {
        try RecipeLines.forEach(file) { (line, number) throws(LineFault) in
            let row = try RecipeLines.pair(line, number, expecting: "qid<TAB>question", headers: headers)
            if let row { body(Query(id: Identifier(row.first), text: row.second)) }
        }
    }

    private static func readPassages(
        _ file: InputFile, _ headers: Set<String>, _ body: (Passage) throws(CorpusError) -> Void
    ) throws(CorpusError) {
        try RecipeLines.forEach(
            file,
            { (line, number) throws(LineFault) -> Passage? in
                try RecipeLines.pair(line, number, expecting: "pid<TAB>passage", headers: headers)
                    .map { Passage(id: $0.first, text: $0.second) }
            }, body)
    }
}
