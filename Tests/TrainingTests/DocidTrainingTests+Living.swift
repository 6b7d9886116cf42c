import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import SampleIndexes
import Search
import TestSupport
import Testing
import Training

/// What was trained for an index, while its passages come and go.
extension DocidTrainingTests {
    private func scores(_ engine: Engine) throws -> [String: Float] {
        let hits = try engine.rank("how do I feed a sourdough starter", hits: 1_000, options: options(nil)).hits
        return Dictionary(uniqueKeysWithValues: hits.map { ($0.id, $0.score) })
    }

    /// The queries of titles, by the ids of their passages.
    private func queries(_ engine: Engine) throws -> [String: [String]] {
        let queries = try #require(try engine.reader.queries(of: "title"))
        var found: [String: [String]] = [:]
        for place in 0..<queries.count {
            let item = try queries.item(place)
            let id = try engine.reader.id(of: PassageIndex(item.document))
            found[id, default: []].append(item.text)
            #expect(queries.places(of: item.document).contains(place))
        }
        return found
    }

    @Test("Trained docids and queries follow passages that come, go and move", arguments: [DocidScheme.tree, .naive])
    func living(scheme: DocidScheme) throws {
        let index = try TinyIndex(segmentTokens: 6_000)
        _ = try SyntheticQueryBuilder.update(index.engine.path, options: .init(), models: TinyIndex.models) {
            [try QueryGenerators.Name.title.make(for: $0)]
        }
        var job = training(index, scheme, steps: 8)
        if scheme == .naive { job.recipe = DocidRecipe(scheme: scheme) }
        _ = try job.run(try index.pairs(), output: index.place("docids"), .silent)
        try index.set(DocidsPart.self, "docids")
        let trained = try index.reopened()
        let before = try scores(trained)
        let titles = try queries(trained)
        #expect(before.count == trained.count && titles.count > 200)
        var gone = Set(before.sorted { $0.value > $1.value }.prefix(12).map(\.key))
        let change = IndexChange(index.engine.path, models: TinyIndex.models)

        func check(_ added: Set<String>) throws {
            let engine = try index.reopened()
            try engine.reader.verify()
            let now = try scores(engine)
            #expect(Set(now.keys) == Set(before.keys).subtracting(gone).union(added))
            for (id, score) in now where !added.contains(id) {
                #expect(abs(score - (before[id] ?? .nan)) < 1e-6, "\(id)")
            }
            #expect(try queries(engine) == titles.filter { !gone.contains($0.key) })
            // A path is told of old passages and of new ones.
            for id in [now.keys.sorted()[0]] + added.sorted().prefix(1) {
                let explained = try engine.explain("sourdough", docid: id, options: options(nil))
                #expect(explained.details["docid"] != nil, "\(id)")
            }
        }

        #expect(try change.delete(ids: gone.sorted()).deleted == 12)
        try check([])
        let fresh = try index.folder.corpus([
            ("new-1", "A new starter", "Feed the new starter with rye."),
            ("new-2", "", "Nothing like the others at all."),
        ])
        #expect(try change.add(fresh).added == 2)
        try check(["new-1", "new-2"])
        #expect(try change.compact(.all).compacted > 1)
        try check(["new-1", "new-2"])
        let more = Set(before.keys.sorted().filter { !gone.contains($0) }.prefix(30))
        gone.formUnion(more)
        _ = try change.delete(ids: more.sorted())
        _ = try change.compact(.all)
        #expect(try index.reopened().manifest.segments.count == 1)
        try check(["new-1", "new-2"])
    }
}
