import Corpora
import Docids
import Engine
import Evaluation
import Foundation
import Memory
import SampleIndexes
import Studies
import Testing

@Suite struct GrowthTests {
    private func plan(_ change: (inout StudyPlan) -> Void = { _ in }) -> StudyPlan {
        var plan = StudyPlan()
        plan.options.encoder = nil
        plan.options.pseudoQueries = 0
        plan.sizes = [.all]
        plan.retrievers = ["bm25", "ngram"]
        plan.growth = StudyGrowth(start: 0.5, parts: 3)
        plan.threads = [1]
        change(&plan)
        return plan
    }

    @Test(arguments: [(1, 0.5, 5), (2, 0.9, 1), (300, 0.5, 5), (1001, 0.3, 7)])
    func partsAreEqual(size: Int, start: Double, parts: Int) {
        let growth = StudyGrowth(start: start, parts: parts)
        let sizes = (0...parts).map { growth.passages(of: size, after: $0) }
        #expect(sizes.last == size && sizes[0] >= 1)
        let added = zip(sizes, sizes.dropFirst()).map { $1 - $0 }
        #expect((added.max() ?? 0) - (added.min() ?? 0) <= 1 && added.allSatisfy { $0 >= 0 })
    }

    @Test func everyStepAsksWhatIsThere() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let cells = try StudyRun(plan(), corpus.input, in: StudyFolder(corpus.folder + "/study")).run()
        #expect(cells.map(\.sample.size) == [150, 150, 200, 200, 250, 250, 300, 300])
        var before: Set<String> = []
        for cell in cells.filter({ $0.options.retriever == "bm25" }) {
            let growth = try #require(cell.growth)
            #expect(growth.of == 3 && growth.parts.count == cell.queries.count)
            #expect(growth.parts.allSatisfy { (0...growth.step).contains($0) })
            // Old questions stay, and the new ones are those of the newest part.
            let old = zip(cell.queries, growth.parts).filter { $1 < growth.step }.map(\.0)
            if growth.step > 0 { #expect(Set(old) == before) }
            before = Set(cell.queries)
            // Every passage that is asked for is there: each has a word of its own.
            #expect(cell.quality["Hits@10"]?.mean == 1)
            #expect(cell.sample.judged <= 40 && cell.ranks?.relevant?.allSatisfy { $0 == 1 } == true)
        }
        #expect(before.count == 20)
        // An index that grew answers as one that was made of all.
        var still = plan { $0.growth = nil }
        still.retrievers = ["bm25"]
        let whole = try StudyRun(still, corpus.input, in: StudyFolder(corpus.folder + "/still")).run()
        let last = try #require(cells.last { $0.options.retriever == "bm25" })
        let best = { (cell: StudyCell) -> [String: Int] in
            Dictionary(uniqueKeysWithValues: zip(cell.queries, (cell.ranks?.best ?? []).map { $0 ?? 0 }))
        }
        #expect(best(last) == best(whole[0]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: corpus.folder + "/study/builds").isEmpty)
    }

    @Test("A growing study goes on to the same cells", arguments: [8, 21, 33])
    func goesOn(reports: Int) throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let whole = try StudyRun(plan(), corpus.input, in: StudyFolder(corpus.folder + "/whole")).run()
        let ending = Ending(after: reports)
        var cells: [StudyCell]?
        while cells == nil {
            var run = StudyRun(plan(), corpus.input, in: try StudyFolder(corpus.folder + "/parts"))
            run.monitor = ending.monitor
            do { cells = try run.run() } catch  where ending.isRaised { ending.wait(17) }
        }
        #expect(cells?.map(\.timeless) == whole.map(\.timeless))
    }

    @Test func learntDocidsKeepWhatCameLater() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let plan = plan {
            $0.options.encoder = "tiny_bert"
            $0.options.generator = nil
            $0.retrievers = ["docid"]
            $0.representations = [nil, PassageRepresentation("first")]
            $0.docids = [.tree, .naive]
            $0.layers = [1]
            $0.lengths = [.steps(2)]
            $0.beams = [100]
            $0.growth = StudyGrowth(start: 0.5, parts: 2)
        }
        let cells = try StudyRun(
            plan, corpus.input, in: StudyFolder(corpus.folder + "/study"), models: TinySample.models
        ).run()
        #expect(cells.count == 9)
        for cell in cells { #expect(cell.train?.steps == (cell.options.others["represent"] == nil ? nil : 2)) }
    }

    /// Cells of old questions that are forgotten and new ones that are half found.
    private func cells(old: [Double], new: Double) -> [StudyCell] {
        old.enumerated().map { step, value in
            let parts = (0...step).flatMap { [Int](repeating: $0, count: 100) }
            var cell = ReportTests.cell(
                "dense", 100 + 50 * step, [:],
                parts.enumerated().map { place, part in
                    Double(place % 100) < 100 * (part == 0 ? value : new) ? 1 : 0
                })
            cell.quality = ["Hits@10": cell.quality["nDCG@10"] ?? .init(mean: 0)]
            cell.growth = .init(step: step, of: old.count - 1, parts: parts)
            return cell
        }
    }

    @Test func forgettingIsWhatOldQuestionsLose() throws {
        let html = StudyReport(cells: cells(old: [0.8, 0.7, 0.5], new: 0.4)).html
        #expect(html.contains("A corpus that grows (hit@10)"))
        // Old questions lose 30 points, those of the first part none: 15 on the whole; new ones are found with .4.
        let start = try #require(html.range(of: "forgetting points")).upperBound
        let row = try #require(
            html[start...].firstMatch(
                of:
                    /<td>dense<\/td><td class="n">([^<]+)<\/td><td class="n">([^<]+)<\/td><td class="n">([^<]+)<\/td><td class="n">[^<]+<\/td><td class="n">[^<]+<\/td><td class="n">([^<]+)</
            ))
        let shown = [row.1, row.2, row.3, row.4].map(String.init)
        #expect(shown == ["0.8000", "0.5000", "15.00", "0.4000"])
        // What remains of the report is about the whole corpus.
        #expect(html.contains("1 cells: dense over 200 passages"))
    }

    @Test func aStepBeyondTheLastIsRefused() throws {
        let folder = try ReportTests.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path + "/cells.jsonl"
        var cell = cells(old: [1], new: 1)[0]
        cell.growth = .init(step: 2, of: 1, parts: cell.growth?.parts ?? [])
        try CellFile.write([cell], to: path)
        #expect(
            throws: StudyError.badLine(
                path: path, line: 1, expected: "expected growth.step from 0 to growth.of (1), found 2")
        ) {
            try CellFile.read(path)
        }
        cell.growth = .init(step: 1, of: 1, parts: [0])
        try CellFile.write([cell], to: path)
        #expect(throws: StudyError.self) { try CellFile.read(path) }
    }
}
