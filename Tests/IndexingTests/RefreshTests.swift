import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing
import Training

/// What is done again for passages that came and left.
@Suite struct RefreshTests {
    private func refresh(_ place: String, queries: Int = 8, steps: Int = 0) -> IndexRefresh {
        var refresh = IndexRefresh(place, models: TinySample.models)
        (refresh.queries, refresh.steps) = (queries, steps)
        return refresh
    }

    @Test("Weights are estimated for the passages that there are, once") func weights() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, pseudoQueries: 4)
        #expect(try refresh(place).run().items.isEmpty)
        let change = IndexChange(place, models: TinySample.models)
        _ = try change.delete(ids: ["sourdough-starter"])
        _ = try change.add(
            try folder.corpus([("new", "New", "Another passage of words. It has two sentences of words.")]))
        var dry = refresh(place)
        dry.isDryRun = true
        let before = try BuiltIndex.files(of: place)
        let aged = try dry.run()
        #expect(aged.items.map(\.id) == ["fusion"] && aged.items[0].came == 1 && aged.items[0].left == 1)
        #expect(aged.items[0].outcome == nil && aged.forecast != nil)
        #expect(try BuiltIndex.files(of: place) == before)
        let copy = folder.path("copy")
        try FileManager.default.copyItem(atPath: place, toPath: copy)
        let report = try refresh(place).run()
        guard case .estimated(let estimate) = report.items[0].outcome else {
            Issue.record("nothing was estimated")
            return
        }
        #expect(estimate.queries == 8 && report.manifest.generation == 4)
        let record = try #require(report.manifest.estimates.first { $0.id == "fusion" })
        #expect(record.generation == 4 && record.passages == 210)
        #expect(try refresh(place).run().items.isEmpty)
        // The same index and numbers give the same bytes, whatever the threads.
        var single = refresh(copy)
        single.threads = 1
        _ = try single.run()
        #expect(try BuiltIndex.files(of: copy) == BuiltIndex.files(of: place))
    }

    @Test("An index that has no weights gets some") func missing() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try Sample.lexical.get().write(to: place)
        var manifest = try IndexSnapshot.open(URL(filePath: place)).manifest
        #expect(manifest.change(since: nil, of: nil).left == 0)
        let (a, b) = (folder.path("a"), folder.path("b"))
        try TinySample.build(at: a, corpus: try folder.corpus([("a", "A", "Bread and salt. Water and stone.")]))
        try TinySample.build(at: b, corpus: try folder.corpus([("b", "B", "Moon and stars. Sun and sky.")]))
        _ = try IndexMerge([a, b], destination: folder.path("c"), models: TinySample.models).run()
        let report = try refresh(folder.path("c")).run()
        #expect(report.items.map(\.id) == ["fusion"] && report.items[0].isMissing)
        manifest = try TinySample.open(folder.path("c")).manifest
        #expect(manifest.estimates.map(\.id) == ["fusion"])
    }

    private func trainDocids(of place: String, _ output: URL) throws {
        let reader = try TinySample.open(place).reader
        var training = DocidTraining(reader, plan: TrainingPlan(.steps(1), optimiser: AdamW(learningRate: 1e-3)))
        training.recipe.representations = [.sentences]
        _ = try training.run(QueryPairs(), output: output, .silent)
    }

    @Test("Later passages get trained docids, and these are trained on from where they stand") func docids() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place, pseudoQueries: 4)
        let output = folder.url.appending(path: "docids")
        try trainDocids(of: place, output)
        _ = try DocidsPart.set(output, in: URL(filePath: place), models: TinySample.models)
        let change = IndexChange(place, models: TinySample.models)
        _ = try change.add(try folder.corpus([("new", "New", "Another passage of words. It has two sentences.")]))
        let part = try #require(try TinySample.open(place).manifest.part("docids"))
        #expect(part.generation == 2 && part.passages == 210 && part.segments?.count == 1)
        let entered = try refresh(place).run()
        #expect(entered.items.map(\.id).first == "docids")
        guard case .entered = entered.items[0].outcome else {
            Issue.record("\(String(describing: entered.items[0].outcome))")
            return
        }
        let now = try #require(entered.manifest.part("docids"))
        #expect(now.generation == 4 && now.passages == 211 && now.segments == nil)
        _ = try change.add(try folder.corpus([("newer", "Newer", "One more passage. It has two sentences, too.")]))
        let copy = folder.path("copy")
        try FileManager.default.copyItem(atPath: place, toPath: copy)
        let trained = try refresh(place, steps: 2).run()
        guard case .trained = trained.items[0].outcome else {
            Issue.record("\(String(describing: trained.items[0].outcome))")
            return
        }
        try TinySample.open(place).reader.verify(isDeep: true)
        var single = refresh(copy, steps: 2)
        single.threads = 1
        _ = try single.run()
        #expect(try BuiltIndex.files(of: copy) == BuiltIndex.files(of: place))
        #expect(try refresh(place).run().items.isEmpty)
    }
}
