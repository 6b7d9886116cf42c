import Engine
import Foundation
import IndexStore
import Indexing
import SampleIndexes
import Search
import TestSupport
import Testing

/// Engines that stay open while their index changes.
@Suite struct ReloadTests {
    @Test("An engine searches the generation that it opened until it is reloaded") func generations() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try TinySample.build(at: place)
        let engine = try TinySample.open(place)
        let before = try engine.search("bread")
        #expect(try !engine.reload())
        #expect(try engine.search("bread").generation == before.generation)
        try TinySample.setGenerator(in: place)
        #expect(try engine.search("bread").generation == before.generation)
        #expect(try engine.reload())
        let after = try engine.rank("bread")
        #expect(engine.manifest.generation == 2 && after.count("generatorRuns") == 1)
        #expect(try engine.search("bread").generation != before.generation)
        #expect(try !engine.reload())
    }

    @Test("The old generation's files last as long as somebody reads them") func replaced() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try Sample.lexical.get().write(to: place)
        // Nothing of it is loaded yet.
        let engine = try Engine.open(place)
        var builder = IndexBuilder(
            corpus: try folder.corpus([("a", "Bread", "Bread is baked of flour and water.")]), destination: place,
            options: engine.options)
        builder.replacesExisting = true
        _ = try builder.build()
        let expected = try Sample.lexical.get().engine.rank("sourdough starter").hits.map(\.id)
        #expect(try engine.rank("sourdough starter").hits.map(\.id) == expected)
        #expect(engine.count == 210 && !expected.isEmpty)
        #expect(try engine.reload() && engine.count == 1)
        #expect(try engine.search("bread").candidates.map(\.docid) == ["a"])
    }

    @Test("Where another index is moved into its place, an engine that has not opened all goes over to it") func moved()
        throws
    {
        let folder = try TemporaryFolder()
        let (place, other) = (folder.path("index"), folder.path("other"))
        try Sample.lexical.get().write(to: place)
        var options = IndexOptions()
        options.encoder = nil
        let corpus = try folder.corpus([("a", "Bread", "Bread is baked of flour and water.")])
        _ = try IndexBuilder(corpus: corpus, destination: other, options: options).build()
        let (fresh, warm) = (try Engine.open(place), try Engine.open(place))
        let before = try warm.search("bread")
        try FileManager.default.moveItem(atPath: place, toPath: folder.path("away"))
        try FileManager.default.moveItem(atPath: other, toPath: place)
        #expect(try fresh.search("bread").candidates.map(\.docid) == ["a"])
        #expect(try fresh.explain("bread", docid: "a").score.total > 0)
        #expect(try warm.search("bread").candidates == before.candidates)
    }

    @Test("An index that is gone cannot be reloaded, and is searched on") func gone() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try Sample.lexical.get().write(to: place)
        let engine = try Engine.open(place)
        _ = try engine.search("bread")
        try FileManager.default.removeItem(atPath: place)
        #expect(throws: EngineError.self) { try engine.reload() }
        #expect(try !engine.search("bread").candidates.isEmpty)
    }
}

extension Engine {
    fileprivate var options: IndexOptions { IndexOptions(manifest.options) }
}
