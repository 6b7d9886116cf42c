/// What KILT's files say: pages, cut into passages, and the questions of its tasks, whose provenances become judgements.
struct KILTCollection {
    let name: String
    /// Words of a passage; nil for a passage a paragraph.
    let words: Int?

    static let origin = CorpusOrigin(
        address: "https://github.com/facebookresearch/KILT",
        terms: "KILT's own part MIT; texts of Wikipedia CC BY-SA; each task's questions as its own data set says")

    /// Counts of KILT's README and the checksum of ir-datasets.
    private static let pages = 5_903_530
    private static let questions: [String: Int] = [
        "fever-train": 104_966, "fever-dev": 10_444, "aidayago2-train": 18_395, "aidayago2-dev": 4_784,
        "wned-dev": 3_396,
        "cweb-dev": 5_599, "trex-train": 2_284_168, "trex-dev": 5_000, "structured_zeroshot-train": 147_909,
        "structured_zeroshot-dev": 3_724, "nq-train": 87_372, "nq-dev": 2_837, "hotpotqa-train": 88_869,
        "hotpotqa-dev": 5_600,
        "triviaqa-train_id": 61_844, "triviaqa-dev_id": 5_359, "eli5-train": 272_634, "eli5-dev": 1_507,
        "wow-train": 63_734,
        "wow-dev": 3_054, "fever-test_without_answers": 10_100, "nq-test_without_answers": 1_444,
        "hotpotqa-test_without_answers": 5_569, "trex-test_without_answers": 5_000, "eli5-test_without_answers": 600,
        "wow-test_without_answers": 2_944,
    ]
    private static let checksums = ["kilt_knowledgesource.json": "d1dca62aa6ba889d2e842182e3114af5"]
    private static let source = "kilt_knowledgesource.json"

    func write(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let inputs = try RecipeInput.find(request.files, for: name)
        let expected = "\(Self.source) and TASK-SPLIT-kilt.jsonl"
        guard let source = inputs.first(where: { $0.base == Self.source })?.file else {
            throw .option("\(name) needs a file of pages, expected \(expected)")
        }
        let (wrong, checked) = try Checksums.differences(request.files, Self.checksums)
        if request.isStrict, !wrong.isEmpty { throw .differs(wrong) }
        var tasks: [KILTTask] = []
        var others: [String] = []
        for input in inputs where input.base != Self.source {
            guard let name = SplitFiles.part(of: input.base, between: "", and: "-kilt.jsonl") else {
                others.append(input.name)
                continue
            }
            tasks.append(try KILTTask(name: name, file: input.file))
        }
        let counter = Counter()
        var collection = PublishedCollection(
            name: name,
            figures: PublishedFigures(splits: Self.questions.mapValues { .init($0) }),
            passages: { [words] (body) throws(CorpusError) in
                counter.pages = 0
                try RecipeLines.forEach(
                    source, { (line, _) throws(LineFault) in try KILTPage(line) },
                    { (page) throws(CorpusError) in
                        counter.pages += 1
                        for passage in page.passages(words: words) {
                            for task in tasks { task.judge(passage, of: page.id) }
                            try body(passage.passage)
                        }
                    })
            },
            splits: tasks.map(\.split))
        collection.differences = {
            wrong + [CorpusDifference("pages", published: Self.pages, found: counter.pages)].compactMap { $0 }
        }
        if checked > 0, wrong.isEmpty { collection.notes.append("the checksum of \(Self.source) is as published") }
        if !others.isEmpty { collection.notes.append("not used: \(others.joined(separator: ", "))") }
        var report = try CollectionWriter.write(collection, request)
        for task in tasks where task.unseenPages > 0 {
            report.notes.append("pages that \(task.name) names and \(Self.source) does not have: \(task.unseenPages)")
        }
        return report
    }

    /// Pages read so far.
    private final class Counter { var pages = 0 }
}
