/// MS MARCO's passage ranking collection (Nguyen et al. 2016, arXiv:1611.09268), with the questions of the TREC Deep Learning tracks
/// of 2019 and 2020 where their files are there.
enum MSMarcoRecipe: CorpusRecipe {
    static let name = "msmarco"
    static let summary = "MS MARCO passages: collection.tsv, queries.*.tsv, qrels.*.tsv, or their tar.gz"
    static let takesFiles = true
    static let origin: CorpusOrigin? = CorpusOrigin(
        address: "https://microsoft.github.io/msmarco/Datasets",
        terms: "for non-commercial research only, without any licence (Microsoft's terms on that page)")

    /// Counts of ir-datasets (`msmarco-passage`); checksums of Microsoft's page, ir-datasets and Anserini.
    static let figures = PublishedFigures(
        passages: 8_841_823,
        splits: [
            "train": .init(808_731, judged: 502_939, judgements: 532_761),
            "dev": .init(101_093, judged: 55_578, judgements: 59_273),
            "dev.small": .init(6_980, judged: 6_980, judgements: 7_437),
            "eval": .init(101_092), "eval.small": .init(6_837),
            "trec-dl-2019": .init(200, judged: 43, judgements: 9_260),
            "trec-dl-2020": .init(200, judged: 54, judgements: 11_386),
        ],
        checksums: [
            "collection.tar.gz": "87dd01826da3e2ad45447ba5af577628",
            "collectionandqueries.tar.gz": "31644046b18952c1386cd4564ba2ae69",
            "queries.tar.gz": "c177b2795d5f2dcc524cf00fcd973be1",
            "qrels.train.tsv": "733fb9fe12d93e497f7289409316eccf",
            "qrels.dev.tsv": "9157ccaeaa8227f91722ba5770787b16",
            "qrels.dev.small.tsv": "38a80559a561707ac2ec0f150ecd1e8a",
            "2019qrels-pass.txt": "2f4be390198da108f6845c822e5ada14",
            "2020qrels-pass.txt": "0355ccee7509ac0463e8278186cdd8d1",
        ])

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let inputs = try RecipeInput.find(request.files, for: name)
        let files = try SplitFiles(
            inputs, of: name, expecting: "collection.tsv, queries.SPLIT.tsv and qrels.SPLIT.tsv", role: role)
        return try SplitFilesCollection.write(files, request, figures: figures, headers: [], name: name) {
            (table, file, _) throws(CorpusError) in try table.read(file)
        }
    }

    private static func role(_ name: String) -> SplitFiles.Role? {
        switch name {
        case "collection.tsv": return .passages
        case "msmarco-test2019-queries.tsv": return .questions(split: "trec-dl-2019")
        case "msmarco-test2020-queries.tsv": return .questions(split: "trec-dl-2020")
        case "2019qrels-pass.txt": return .judgements(split: "trec-dl-2019")
        case "2020qrels-pass.txt": return .judgements(split: "trec-dl-2020")
        default: break
        }
        if let split = SplitFiles.part(of: name, between: "queries.", and: ".tsv") { return .questions(split: split) }
        return SplitFiles.part(of: name, between: "qrels.", and: ".tsv").map { .judgements(split: $0) }
    }
}
