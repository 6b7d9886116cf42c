import Corpora
import Engine
import Foundation
import Memory
import Studies
import Testing

@Suite struct RunTests {
    private func plan() -> StudyPlan {
        var plan = StudyPlan()
        plan.options.encoder = nil
        plan.options.pseudoQueries = 0
        plan.sizes = [.passages(60), .all]
        plan.retrievers = ["bm25", "ngram"]
        plan.typos = [0.5]
        return plan
    }

    @Test func cellsAreWhole() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let folder = try StudyFolder(corpus.folder + "/study")
        let cells = try StudyRun(plan(), corpus.input, in: folder).run()
        #expect(cells.count == 8)
        #expect(try CellFile.read(folder.path + "/cells.jsonl") == cells)
        for cell in cells {
            #expect(cell.queries.count == 20 && cell.sample.judged == 40)
            #expect(cell.quality.count == 6 && cell.quality.values.allSatisfy { $0.values.count == 20 })
            #expect(cell.latency["1"]?.n == 20 && cell.latency["all"]?.n == 20)
            #expect(!cell.build.stages.isEmpty && cell.build.bytes["passages"] ?? 0 > 0)
            #expect(cell.estimate?.seconds ?? 0 > 0 && cell.outcome?.seconds ?? 0 > 0)
            #expect(cell.ranks?.relevant == Array(repeating: 1, count: 20))
        }
        let plain = cells.first { $0.options.retriever == "bm25" && $0.options.others["typos"] == "0" }
        #expect(plain?.build.bytes["terms"] ?? 0 > 0 && plain?.build.bytes["ngrams"] == nil)
        #expect(plain?.quality["Hits@1"]?.mean ?? 0 > 0.5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/builds").isEmpty)
    }

    @Test("An ended study goes on to the same cells", arguments: [1, 4, 9, 14, 20, 26])
    func goesOn(reports: Int) throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let whole = try StudyRun(plan(), corpus.input, in: StudyFolder(corpus.folder + "/whole")).run()
        // Ends after so many reports of progress, and then again and again a little later.
        let ending = Ending(after: reports)
        var cells: [StudyCell]?
        while cells == nil {
            var run = StudyRun(plan(), corpus.input, in: try StudyFolder(corpus.folder + "/parts"))
            run.monitor = ending.monitor
            do { cells = try run.run() } catch is Cancelled { ending.wait(17) } catch CorpusError.cancelled {
                ending.wait(17)
            }
        }
        #expect(cells?.map(\.timeless) == whole.map(\.timeless))
    }

    @Test func loadedCellsAreMeasuredAgain() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let place = corpus.folder + "/study"
        let cells = try StudyRun(plan(), corpus.input, in: StudyFolder(place)).run()
        // One is made to have run beside others, with a value that nothing gives.
        var loaded = cells[3]
        (loaded.machine.loadBefore, loaded.queries) = (0.9, loaded.queries.reversed())
        try CellFile.write([loaded], to: "\(place)/cells/\(loaded.key)/cell.json")
        for cell in cells where cell.key != loaded.key {
            var idle = cell
            (idle.machine.loadBefore, idle.machine.loadAfter) = (0, 0)
            try CellFile.write([idle], to: "\(place)/cells/\(cell.key)/cell.json")
        }
        let kept = try StudyRun(plan(), corpus.input, in: StudyFolder(place)).run()
        #expect(kept[3].queries == cells[3].queries.reversed())
        var run = StudyRun(plan(), corpus.input, in: try StudyFolder(place))
        run.redoesLoaded = true
        #expect(try run.forecast().lines.filter { !$0.isDone }.count == 1)
        let again = try run.run()
        #expect(again.map(\.timeless) == cells.map(\.timeless))
        // The others are those that were there.
        #expect(again.indices.allSatisfy { $0 == 3 || again[$0] == kept[$0] })
    }

    @Test func oneProcessHoldsAFolder() throws {
        let place = NSTemporaryDirectory() + "held-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let held = try StudyFolder(place)
        #expect(throws: StudyError.busy(folder: held.path)) { try StudyFolder(place + "/") }
    }

    @Test func anothersStudyIsRefused() throws {
        let (corpus, fewer) = (try SmallCorpus(), try SmallCorpus(limit: 5))
        defer {
            corpus.remove()
            fewer.remove()
        }
        var plan = plan()
        (plan.sizes, plan.retrievers, plan.typos) = ([.all], ["bm25"], [])
        let place = corpus.folder + "/study"
        do { _ = try StudyRun(plan, corpus.input, in: StudyFolder(place)).run() }
        #expect(throws: StudyError.otherStudy(folder: place, what: "other queries or judgements")) {
            try StudyRun(plan, fewer.input, in: StudyFolder(place)).run()
        }
    }

    @Test func pooledDistractorsAreAnotherLine() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        var plan = plan()
        (plan.sizes, plan.retrievers, plan.typos) = ([.passages(60), .all], ["bm25"], [])
        plan.distractors = [.random, .pooled(20)]
        let cells = try StudyRun(plan, corpus.input, in: StudyFolder(corpus.folder + "/study")).run()
        #expect(cells.map(\.sample.distractors) == ["random", "pooled:20", "random"])
        #expect(Set(cells.map(\.key)).count == 3)
    }

    @Test func forecastsNameEveryCellAndChangeNone() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let folder = try StudyFolder(corpus.folder + "/study")
        let run = StudyRun(plan(), corpus.input, in: folder)
        let forecast = try run.forecast()
        #expect(forecast.lines.count == 8 && forecast.lines.allSatisfy { !$0.isDone && $0.obstacle == nil })
        #expect(forecast.seconds > 0 && forecast.memory > 0 && forecast.disk > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cells").isEmpty)
        let cells = try run.run()
        #expect(Set(cells.compactMap(\.estimate)) == Set(forecast.lines.map(\.cost)))
        #expect(try run.forecast().lines.allSatisfy(\.isDone))
    }
}
