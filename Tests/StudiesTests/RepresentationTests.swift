import Corpora
import Docids
import Engine
import Foundation
import Memory
import SampleIndexes
import Studies
import Testing

@Suite struct RepresentationTests {
    @Test(arguments: [
        ("first", "first"), ("queries", "queries-10"), ("queries-40", "queries-40"), ("spans-3", "spans-3"),
        ("queries-10+labelled", "labelled+queries-10"), ("title+first", "first+title"), ("terms", "terms-3"),
    ])
    func isRead(text: String, as expected: String) throws {
        let read = try #require(PassageRepresentation(text))
        #expect(read.description == expected)
        // What is written is read as the same.
        #expect(PassageRepresentation(expected) == read)
    }

    @Test(arguments: [
        "", "none", "first-2", "labelled-3", "queries-0", "queries-", "queries-1001", "first+first", "first+", "x",
    ])
    func isRefused(text: String) { #expect(PassageRepresentation(text) == nil) }
}

/// Studies that train, over a small corpus and under a tiny encoder.
@Suite struct TrainedStudyTests {
    private func plan(_ change: (inout StudyPlan) -> Void = { _ in }) -> StudyPlan {
        var plan = StudyPlan()
        plan.options.encoder = "tiny_bert"
        plan.options.generator = nil
        plan.options.pseudoQueries = 0
        plan.sizes = [.passages(60)]
        plan.retrievers = ["docid"]
        plan.representations = [PassageRepresentation("first")]
        plan.docids = [.naive]
        plan.layers = [1]
        plan.lengths = [.steps(3)]
        plan.beams = [5]
        plan.threads = [1]
        change(&plan)
        return plan
    }

    private func keys(_ plan: StudyPlan, _ census: CorpusCensus) throws -> Set<String> {
        Set(try plan.cellKeys(census, models: TinySample.models))
    }

    private func run(_ plan: StudyPlan, _ corpus: SmallCorpus, _ name: String = "study") throws -> [StudyCell] {
        try StudyRun(plan, corpus.input, in: StudyFolder(corpus.folder + "/" + name), models: TinySample.models).run()
    }

    @Test func everyAxisChangesKeys() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        let base = try keys(plan(), census)
        #expect(base.count == 1)
        let changes: [(inout StudyPlan) -> Void] = [
            { $0.docids = [.semantic] }, { $0.representations = [PassageRepresentation("spans-2")] },
            { $0.layers = [2] },
            { $0.lengths = [.steps(4)] }, { $0.lengths = [.minutes(3)] }, { $0.constrained = [false] },
            { $0.beams = [6] },
            { $0.options.seed = 5 }, { $0.encoderBudgets = [.passages(0)] }, { $0.growth = StudyGrowth(parts: 1) },
        ]
        for (number, change) in changes.enumerated() {
            #expect(try keys(plan(change), census).isDisjoint(with: base), "change \(number)")
        }
        // What is added leaves what is there.
        let more: [(inout StudyPlan) -> Void] = [
            { $0.docids.append(.tree) }, { $0.representations.append(nil) }, { $0.layers = [1, 2] },
            { $0.lengths.append(.steps(4)) }, { $0.constrained = [true, false] },
            { ($0.retrievers, $0.docids) = (["bm25", "docid"], [.naive, .pq]) },
        ]
        for (number, change) in more.enumerated() {
            #expect(try keys(plan(change), census).isSuperset(of: base), "addition \(number)")
        }
        // Anchored docids are always constrained, and untrained ones have neither layers nor steps.
        #expect(try keys(plan { ($0.docids, $0.constrained) = ([.tree], [true, false]) }, census).count == 1)
        #expect(
            try keys(plan { ($0.docids, $0.representations, $0.layers) = ([.pq, .tree], [nil], [1, 2]) }, census).count
                == 2)
    }

    @Test func whatCannotBeLearntIsRefused() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        #expect(throws: StudyError.needsRepresentation(docids: "naive")) {
            try keys(plan { $0.representations = [nil] }, census)
        }
        #expect(throws: StudyError.needsLabels) {
            try keys(plan { $0.representations = [PassageRepresentation("labelled")] }, census)
        }
        // Queries that measure are none to learn from.
        let (queries, qrels) = (corpus.folder + "/queries.jsonl", corpus.folder + "/train.tsv")
        try Data(#"{"_id": "q1", "text": "word3"}"#.utf8).write(to: URL(filePath: queries))
        try Data("query-id\tcorpus-id\tscore\nq1\tp3\t1\n".utf8).write(to: URL(filePath: qrels))
        #expect {
            try keys(
                plan {
                    $0.representations = [PassageRepresentation("labelled")]
                    $0.labelled = LabelledPairs(queries: queries, qrels: qrels)
                }, census)
        } throws: { "\($0)".contains("judges query q1, which the study measures with") }
    }

    @Test func labelledQueriesAreInKeys() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        let (queries, qrels) = (corpus.folder + "/queries.jsonl", corpus.folder + "/train.tsv")
        func labelled(_ text: String) throws -> Set<String> {
            try Data("{\"_id\": \"l1\", \"text\": \"\(text)\"}".utf8).write(to: URL(filePath: queries))
            try Data("query-id\tcorpus-id\tscore\nl1\tp3\t1\n".utf8).write(to: URL(filePath: qrels))
            return try keys(
                plan {
                    $0.representations = [PassageRepresentation("labelled")]
                    $0.labelled = LabelledPairs(queries: queries, qrels: qrels)
                }, census)
        }
        let first = try labelled("word3")
        #expect(try labelled("word3") == first)
        #expect(try labelled("word4").isDisjoint(with: first))
    }

    @Test func docidsAreLearntAndMeasured() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let plan = plan {
            $0.docids = [.naive, .tree, .pq]
            $0.representations = [nil, PassageRepresentation("first")]
            $0.constrained = [true, false]
        }
        let cells = try run(plan, corpus)
        let named = Dictionary(
            cells.map { cell in
                (
                    ["docids", "represent", "constrained"].compactMap { cell.options.others[$0] }.joined(
                        separator: " "), cell
                )
            }, uniquingKeysWith: { first, _ in first })
        #expect(
            named.keys.sorted() == ["naive first no", "naive first yes", "pq", "pq first", "tree", "tree first"])
        for (name, cell) in named {
            #expect(cell.train?.steps == (name.contains("first") ? 3 : nil), "\(name)")
            #expect(cell.queries.count == 20 && cell.ranks?.best.count == 20)
        }
        #expect(named["naive first yes"]?.options.others["layers"] == "1")
        #expect(named["tree first"]?.build.bytes["docids"] ?? 0 > named["tree"]?.build.bytes["docids"] ?? 0)
        #expect(named["naive first yes"]?.build.stages.contains { $0.name == "docid training" } == true)
        // Under the trie all 60 passages stand in a list of five beams or fewer; freely fewer or as many are found.
        let found = { (name: String) in named[name]?.ranks?.best.compactMap(\.self).count ?? -1 }
        #expect(found("naive first no") <= found("naive first yes"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: corpus.folder + "/study/builds").isEmpty)
    }

    @Test("A study that ends while docids are learnt goes on to the same cells", arguments: [12, 20, 28])
    func goesOn(reports: Int) throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let plan = plan { $0.docids = [.naive, .tree] }
        let whole = try run(plan, corpus)
        let ending = Ending(after: reports)
        var cells: [StudyCell]?
        while cells == nil {
            var run = StudyRun(
                plan, corpus.input, in: try StudyFolder(corpus.folder + "/parts"), models: TinySample.models)
            run.monitor = ending.monitor
            do { cells = try run.run() } catch  where ending.isRaised { ending.wait(17) }
        }
        #expect(cells?.map(\.timeless) == whole.map(\.timeless))
    }

    @Test func budgetsOfTheEncoderAreBuildsOfTheirOwn() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let plan = plan {
            $0.retrievers = ["bm25", "dense", "merge"]
            $0.sizes = [.all]
            $0.encoderBudgets = [.passages(100), .all]
            $0.encodes = [0, 5]
        }
        let cells = try run(plan, corpus)
        let words = cells.map { cell in
            [cell.options.retriever, cell.options.others["encoder-budget"], cell.options.others["encode"]].compactMap(
                \.self
            )
            .joined(separator: " ")
        }
        // BM25 has no vectors; where all are the encoder's there is nothing to encode for a query.
        #expect(
            words.sorted() == [
                "bm25", "dense 100 0", "dense 100 5", "dense all 0", "merge 100 0", "merge 100 5", "merge all 0",
            ])
        for cell in cells {
            let isStatic = cell.options.others["encoder-budget"] == "100"
            if cell.options.retriever != "bm25" {
                let vectors = try #require(cell.build.vectors)
                #expect(isStatic ? vectors.real == 100 && vectors.cosine != nil : vectors.real == 300)
            }
            if cell.options.others["encode"] != "5" { #expect(cell.encodedAtQuery == nil) }
        }
        #expect(cells.contains { ($0.encodedAtQuery?.mean ?? 0) > 0 && ($0.encodedAtQuery?.mean ?? 6) <= 5 })
    }
}
